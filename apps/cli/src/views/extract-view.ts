import type { ExtractReport } from "@lora/jobs";
import { bytesText, counted, percent, significant } from "../terminal/number-format.ts";
import { printable } from "../terminal/printable.ts";
import { table } from "../terminal/table.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { type Fact, factBlock } from "./fact-block.ts";
import { nameLines } from "./name-lines.ts";
import { section } from "./section.ts";

const WORST = 8;

type Weight = ExtractReport["weights"][number];

/** An extraction as text. */
export function extractView(report: ExtractReport, terminal: Terminal): string[] {
  const { rest, onlyInBase, onlyInTuned } = report;
  const left = rest.filter(({ kept }) => !kept);
  return [
    terminal.style("title", `Extracted: ${printable(report.tuned.name)}`),
    ...factBlock(headerFacts(report), terminal),
    ...section("Largest errors", worstTable(report.weights, terminal), terminal),
    ...section(
      "Changed and left out (--keep-rest keeps them)",
      nameLines(left.map(({ name, frobenius }) => `${name}: norm ${significant(frobenius)}`)),
      terminal,
    ),
    ...section("Only in the base", nameLines(onlyInBase), terminal),
    ...section("Only in the tuned model", nameLines(onlyInTuned), terminal),
    "",
    `wrote ${printable(report.output.path)}: ${bytesText(report.output.bytes)}, ${counted(report.weights.length, "module")}, error ${percent(report.relativeErrorFrobenius)}`,
  ];
}

function headerFacts({ base, rule, output, weights, unchanged, rest, ...report }: ExtractReport): Fact[] {
  const { min, max, modules, total } = output.rank;
  const ranks = min === max ? String(min) : `${min}-${max} (mean ${(total / modules).toFixed(1)})`;
  const kept = rest.filter((one) => one.kept).length;
  return [
    ["base", printable(base.name)],
    ["rule", rule],
    ["weights", `${weights.length} changed, ${unchanged} the same`],
    ["rank", modules === 0 ? "none" : ranks],
    ["norm", `${significant(report.frobenius)} of all differences together`],
    ["error", `${percent(report.relativeErrorFrobenius)} of that`],
    ["whole", kept === 0 ? undefined : counted(kept, "tensor")],
    ["output", printable(output.path)],
  ];
}

function worstTable(weights: readonly Weight[], terminal: Terminal): string[] {
  const worst = weights
    .toSorted((a, b) => b.relativeErrorFrobenius - a.relativeErrorFrobenius)
    .slice(0, WORST);
  return table(
    [
      { title: "weight", align: "left", shrinks: true, cell: (weight: Weight) => printable(weight.name) },
      { title: "rank", cell: ({ rank }) => String(rank) },
      { title: "norm", cell: ({ frobenius }) => significant(frobenius) },
      { title: "of the weight", cell: ({ relative }) => percent(relative) },
      { title: "error", cell: ({ relativeErrorFrobenius }) => percent(relativeErrorFrobenius) },
    ],
    worst,
    terminal,
  );
}
