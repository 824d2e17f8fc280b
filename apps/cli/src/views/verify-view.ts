import type { VerifiedModule, VerifyReport } from "@lora/jobs";
import { bytesText, counted, significant } from "../terminal/number-format.ts";
import { printable } from "../terminal/printable.ts";
import { symbols } from "../terminal/symbols.ts";
import { table } from "../terminal/table.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { type Fact, factBlock } from "./fact-block.ts";
import { nameLines } from "./name-lines.ts";
import { section } from "./section.ts";

const WORST = 10;

/** A verification as text: what was compared, the modules that differ most, and PASS or FAIL at the end. */
export function verifyView(report: VerifyReport, terminal: Terminal): string[] {
  return [
    terminal.style(
      "title",
      `Are the updates of ${printable(report.a.name)} and ${printable(report.b.name)} the same?`,
    ),
    ...factBlock(headerFacts(report), terminal),
    ...section("Modules that differ most", worstTable(report.modules, terminal), terminal),
    ...section(`Only in ${printable(report.a.name)}`, nameLines(report.onlyInA), terminal),
    ...section(`Only in ${printable(report.b.name)}`, nameLines(report.onlyInB), terminal),
    ...section(
      "Other tensors",
      nameLines(report.extras.map(({ name, difference }) => `${name}: ${difference}`)),
      terminal,
    ),
    "",
    verdict(report, terminal),
  ];
}

function headerFacts({ a, b, modules, tolerance, ...report }: VerifyReport): Fact[] {
  const inBoth = modules.length - report.onlyInA.length - report.onlyInB.length;
  return [
    ["A", `${printable(a.name)}, ${bytesText(a.bytes)}`],
    ["B", `${printable(b.name)}, ${bytesText(b.bytes)}`],
    ["modules", `${inBoth} in both`],
    ["error", `${significant(report.relativeErrorFrobenius)} of all updates together`],
    ["tolerance", `${significant(tolerance)} for each module`],
  ];
}

/** Where no ratio exists, because A's update is zero and B's is not, the difference counts as the largest. */
function size(module: VerifiedModule): number {
  return module.relativeErrorFrobenius ?? Infinity;
}

function worstTable(modules: readonly VerifiedModule[], terminal: Terminal): string[] {
  const worst = modules
    .filter((module) => size(module) > 0)
    .toSorted((a, b) => (size(a) === size(b) ? 0 : size(b) - size(a)))
    .slice(0, WORST);
  return table(
    [
      {
        title: "module",
        align: "left",
        shrinks: true,
        cell: (module: VerifiedModule) => printable(module.name),
      },
      { title: "rank A", cell: (module) => (module.rankA === 0 ? "-" : String(module.rankA)) },
      { title: "rank B", cell: (module) => (module.rankB === 0 ? "-" : String(module.rankB)) },
      { title: "error", cell: (module) => significant(module.relativeErrorFrobenius) },
      {
        title: symbols(terminal.unicode).spectral,
        cell: (module) => significant(module.relativeErrorSpectral),
      },
      {
        title: "",
        align: "left",
        cell: (module) =>
          module.withinTolerance ? terminal.style("good", "ok") : terminal.style("bad", "differs"),
      },
    ],
    worst,
    terminal,
  );
}

function verdict(report: VerifyReport, terminal: Terminal): string {
  const differing = report.modules.filter((module) => !module.withinTolerance).length;
  const within = `${report.modules.length - differing} of ${counted(report.modules.length, "module")} within ${significant(report.tolerance)}`;
  const lonely = report.onlyInA.length + report.onlyInB.length;
  const alone = lonely === 0 ? "" : `, ${lonely} in one file only`;
  const others =
    report.extras.length === 0
      ? ""
      : `, ${counted(report.extras.length, "other tensor")} ${report.extras.length === 1 ? "differs" : "differ"}`;
  const word = report.passed ? terminal.style("good", "PASS") : terminal.style("bad", "FAIL");
  return `${word}  ${within}${alone}${others}`;
}
