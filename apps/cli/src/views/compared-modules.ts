import type { ComparedModule } from "@lora/jobs";
import { percent, significant } from "../terminal/number-format.ts";
import { printable } from "../terminal/printable.ts";
import { table } from "../terminal/table.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { chooseGroups } from "./choose-groups.ts";
import { cosineText } from "./cosine-text.ts";

const LEAST_ALIKE = 10;

/** The modules that are farthest apart, or those that were asked for. */
export function comparedModules(
  modules: readonly ComparedModule[],
  wanted: string | undefined,
  terminal: Terminal,
): string[] {
  const rows = wanted === undefined ? leastAlike(modules) : wantedModules(modules, wanted);
  return table(
    [
      {
        title: "module",
        align: "left",
        shrinks: true,
        cell: (module: ComparedModule) => printable(module.name),
      },
      { title: "rank A", cell: ({ rankA }) => String(rankA) },
      { title: "rank B", cell: ({ rankB }) => String(rankB) },
      { title: "cosine", cell: ({ cosine }) => cosineText(cosine) },
      { title: "distance", cell: (module) => percent(module.relativeDistance) },
      { title: "B/A", cell: ({ normRatio }) => significant(normRatio) },
      { title: "shared outputs", optional: true, cell: ({ outputOverlap }) => percent(outputOverlap) },
      { title: "shared inputs", optional: true, cell: ({ inputOverlap }) => percent(inputOverlap) },
      { title: "largest angle", optional: true, cell: largestAngle },
    ],
    rows,
    terminal,
  );
}

function leastAlike(modules: readonly ComparedModule[]): ComparedModule[] {
  return modules
    .filter(({ relativeDistance }) => relativeDistance > 0)
    .toSorted((x, y) => y.relativeDistance - x.relativeDistance)
    .slice(0, LEAST_ALIKE);
}

function wantedModules(modules: readonly ComparedModule[], wanted: string): ComparedModule[] {
  return chooseGroups(modules, wanted).flatMap((group) => group.modules);
}

/** Between the spaces of outputs or of inputs, in degrees. */
function largestAngle({ outputAngles, inputAngles }: ComparedModule): string {
  const angles = [...(outputAngles ?? []), ...(inputAngles ?? [])];
  return angles.length === 0 ? "-" : `${((Math.max(...angles) * 180) / Math.PI).toFixed(1)} deg`;
}
