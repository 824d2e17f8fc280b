import type { MergedModule, MergeReport } from "@lora/jobs";
import { bytesText, counted, percent, significant } from "../terminal/number-format.ts";
import { printable } from "../terminal/printable.ts";
import { table } from "../terminal/table.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { type Fact, factBlock } from "./fact-block.ts";
import { nameLines } from "./name-lines.ts";
import { section } from "./section.ts";
import { warningLines } from "./warning-lines.ts";

const LARGEST = 8;

/** A merge as text. */
export function mergeView(report: MergeReport, terminal: Terminal): string[] {
  const { base, unpaired, leftOut, warnings, tensors } = report;
  return [
    terminal.style("title", `${report.unmerge ? "Taken out of" : "Merged into"}: ${printable(base.name)}`),
    ...factBlock(headerFacts(report), terminal),
    ...section("Largest changes", largestTable(report.modules, terminal), terminal),
    ...section("Replaced by what an adapter holds whole", nameLines(tensors.replaced), terminal),
    ...section(
      "Modules without a weight in the base",
      nameLines(
        unpaired.map(({ module, reason, nearest }) =>
          nearest === null ? `${module}: ${reason}` : `${module}: ${reason}; nearest is ${nearest}`,
        ),
      ),
      terminal,
    ),
    ...section("Not merged", nameLines(leftOut.map(({ name, why }) => `${name}: ${why}`)), terminal),
    ...warningLines(warnings, terminal),
    "",
    summaryLine(report),
  ];
}

function headerFacts({ adapters, tensors, frobenius, roundingError, output }: MergeReport): Fact[] {
  return [
    ...adapters.map(({ name, weight, modules, merged, dialect }): Fact => [
      "adapter",
      `${printable(name)} × ${significant(weight)}, ${merged} of ${counted(modules, "module")} (${dialect})`,
    ]),
    [
      "tensors",
      `${tensors.changed} changed, ${tensors.replaced.length} replaced, ${tensors.untouched} as they were`,
    ],
    ["added", `norm ${significant(frobenius)}`],
    ["rounding", `norm ${significant(roundingError)}`],
    ["output", `${printable(output.path)}, ${bytesText(output.bytes)}`],
    ...(output.resumed.length === 0
      ? []
      : [["resumed", `${output.resumed.length} of ${output.files.length} files were finished`] as Fact]),
  ];
}

function largestTable(modules: readonly MergedModule[], terminal: Terminal): string[] {
  const largest = modules
    .filter(({ relative }) => relative !== null)
    .toSorted((a, b) => b.relative! - a.relative!)
    .slice(0, LARGEST);
  return table(
    [
      {
        title: "weight",
        align: "left",
        shrinks: true,
        cell: (module: MergedModule) => printable(module.tensor),
      },
      { title: "rank", cell: ({ rank }) => String(rank) },
      { title: "added", cell: ({ frobenius }) => significant(frobenius) },
      { title: "of the weight", cell: ({ relative }) => percent(relative) },
      { title: "rounding", cell: ({ rounding }) => significant(rounding) },
    ],
    largest,
    terminal,
  );
}

function summaryLine({ output, modules, tensors, unpaired }: MergeReport): string {
  const lost = unpaired.length === 0 ? "" : `, ${counted(unpaired.length, "module")} found no weight`;
  return `wrote ${printable(output.path)}: ${bytesText(output.bytes)}, ${counted(modules.length, "module")} in ${counted(tensors.changed, "weight")}${lost}`;
}
