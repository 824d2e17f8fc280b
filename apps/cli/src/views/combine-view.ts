import type { AdapterPair, CombinedModule, CombineReport } from "@lora/jobs";
import { bytesText, counted, percent, significant } from "../terminal/number-format.ts";
import { printable } from "../terminal/printable.ts";
import { symbols } from "../terminal/symbols.ts";
import { table } from "../terminal/table.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { extrasTable } from "./extras-table.ts";
import { type Fact, factBlock } from "./fact-block.ts";
import { letter } from "./letter.ts";
import { nameLines } from "./name-lines.ts";
import { section } from "./section.ts";
import { median } from "./statistics.ts";
import { warningLines } from "./warning-lines.ts";

/** What of a combination is shown. */
export interface CombineViewOptions {
  /** Nothing was written: sizes and errors are what a run would make. */
  readonly dryRun?: boolean | undefined;
}

const WORST = 8;

/** A combination as text: what goes in, how it gets on with each other, and what came of it. */
export function combineView(
  report: CombineReport,
  terminal: Terminal,
  { dryRun }: CombineViewOptions = {},
): string[] {
  const head = dryRun === true ? "Plan, nothing is written" : "Combined";
  const { output, relativeErrorFrobenius, dropped } = report;
  const lost = dropped.length === 0 ? "" : `, ${counted(dropped.length, "module")} dropped`;
  const verb = dryRun === true ? "would write" : "wrote";
  return [
    terminal.style("title", `${head}: ${counted(report.inputs.length, "adapter")} by ${report.method.id}`),
    ...factBlock(headerFacts(report), terminal),
    ...section("Adapters", inputTable(report, terminal), terminal),
    ...section("Interference", pairTable(report.interference, terminal), terminal),
    ...section("Largest errors", worstTable(report.modules, terminal), terminal),
    ...section("Dropped", nameLines(dropped.map(({ name, reason }) => `${name}: ${reason}`)), terminal),
    ...section("Carried through as they are", extrasTable(report.passedThrough, terminal), terminal),
    ...section("Not in the result", extrasTable(report.leftOut, terminal), terminal),
    ...warningLines(report.warnings, terminal),
    "",
    `${verb} ${printable(output.path)}: ${bytesText(output.bytes)}, error ${percent(relativeErrorFrobenius)}${lost}`,
  ];
}

function headerFacts({ method, output, modules, ...report }: CombineReport): Fact[] {
  const losses = modules
    .filter(({ cosines }) => cosines.length > 0)
    .flatMap((module) => module.predictedLoss ?? []);
  const predicted = losses.length === 0 ? [] : [predictedFact(losses)];
  return [
    ["method", method.title],
    ["dialect", output.dialect],
    ["modules", String(output.rank.modules)],
    ["rank", rankText(output.rank)],
    ...predicted,
    ["error", `${percent(report.relativeErrorFrobenius)} of what the method makes, truncation and rounding`],
    ["from the sum", `${percent(report.distanceFromSum)} of the weighted sum of the updates`],
    ["stored as", output.dtype],
    ["output", printable(output.path)],
  ];
}

function predictedFact(losses: readonly number[]): Fact {
  const worst = percent(Math.max(...losses));
  return [
    "predicted",
    `at the rank of one adapter the sum loses ${percent(median(losses))} of a module, at worst ${worst}`,
  ];
}

function rankText({ min, max, total, modules }: CombineReport["output"]["rank"]): string {
  if (modules === 0) return "none";
  return min === max ? String(min) : `${min}-${max} (mean ${(total / modules).toFixed(1)})`;
}

function inputTable({ inputs }: CombineReport, terminal: Terminal): string[] {
  type Row = CombineReport["inputs"][number];
  return table(
    [
      { title: "", cell: (row: Row) => letter(inputs.indexOf(row)) },
      { title: "adapter", align: "left", shrinks: true, cell: (row) => printable(row.name) },
      { title: "weight", cell: (row) => String(row.weight) },
      { title: "rank", cell: (row) => rankText(row.rank) },
      { title: "modules", cell: (row) => String(row.rank.modules) },
      { title: "dialect", align: "left", cell: (row) => row.dialect },
      { title: "left of it", cell: (row) => percent(row.response) },
    ],
    inputs,
    terminal,
  );
}

function pairTable(pairs: readonly AdapterPair[], terminal: Terminal): string[] {
  return table(
    [
      { title: "pair", align: "left", cell: ({ a, b }: AdapterPair) => `${letter(a)} ${letter(b)}` },
      { title: "modules in both", cell: ({ modules }) => String(modules) },
      { title: "cosine", cell: ({ cosine }) => significant(cosine) },
      { title: "shared outputs", cell: ({ outputOverlap }) => percent(outputOverlap) },
      { title: "shared inputs", cell: ({ inputOverlap }) => percent(inputOverlap) },
    ],
    pairs,
    terminal,
  );
}

function worstTable(modules: readonly CombinedModule[], terminal: Terminal): string[] {
  const worst = modules
    .filter((module) => (module.relativeErrorFrobenius ?? 0) > 0)
    .toSorted((x, y) => y.relativeErrorFrobenius! - x.relativeErrorFrobenius!)
    .slice(0, WORST);
  return table(
    [
      {
        title: "module",
        align: "left",
        shrinks: true,
        cell: (module: CombinedModule) => printable(module.name),
      },
      {
        title: "rank",
        cell: ({ ranks, rankAfter }) =>
          `${ranks.join(" + ")} ${symbols(terminal.unicode).arrow} ${rankAfter}`,
      },
      { title: "error", cell: (module) => percent(module.relativeErrorFrobenius) },
      { title: "from the sum", cell: (module) => percent(module.distanceFromSum) },
    ],
    worst,
    terminal,
  );
}
