import type { InitialisedModule, InitReport } from "@lora/jobs";
import { bytesText, counted, percent } from "../terminal/number-format.ts";
import { printable } from "../terminal/printable.ts";
import { table } from "../terminal/table.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { type Fact, factBlock } from "./fact-block.ts";
import { nameLines } from "./name-lines.ts";
import { section } from "./section.ts";
import { warningLines } from "./warning-lines.ts";

/** What of an initialisation is shown. */
export interface InitViewOptions {
  /** Nothing was written. */
  readonly dryRun?: boolean | undefined;
}

const MOST_ROWS = 12;

/** An initialisation as text. */
export function initView(report: InitReport, terminal: Terminal, options: InitViewOptions = {}): string[] {
  const head = options.dryRun === true ? "Plan, nothing is written" : "Initialised";
  const skipped = report.skipped.map(({ name, reason }) => `${name}: ${reason}`);
  return [
    terminal.style("title", `${head}: ${printable(report.base.name)}`),
    ...factBlock(headerFacts(report), terminal),
    ...section(moduleTitle(report.modules), moduleTable(report.modules, terminal), terminal),
    ...section("Left alone", nameLines(skipped), terminal),
    ...warningLines(report.warnings, terminal),
    "",
    summaryLine(report, options.dryRun === true),
  ];
}

function headerFacts({ method, output, changedBase, seed, relativeError, modules }: InitReport): Fact[] {
  const { min, max } = output.rank;
  return [
    ["method", method.title],
    ["seed", String(seed)],
    ["modules", String(modules.length)],
    ["rank", min === max ? String(min) : `${min}-${max}`],
    ["stored as", output.dtype],
    ["error", relativeError === null ? undefined : `${errorText(relativeError)} of the weights, once stored`],
    ["adapter", `${printable(output.path)} (${bytesText(output.bytes)})`],
    ["base", changedBase === null ? "as it is" : changedText(changedBase)],
  ];
}

function changedText({ path, bytes, changed }: NonNullable<InitReport["changedBase"]>): string {
  return `${printable(path)} (${bytesText(bytes)}, ${counted(changed, "weight")} changed)`;
}

function moduleTitle(modules: readonly InitialisedModule[]): string {
  return modules.length > MOST_ROWS ? `Modules, the ${MOST_ROWS} with the largest errors` : "Modules";
}

function moduleTable(modules: readonly InitialisedModule[], terminal: Terminal): string[] {
  const shown = modules
    .toSorted((a, b) => (b.relativeError ?? 0) - (a.relativeError ?? 0))
    .slice(0, MOST_ROWS);
  return table(
    [
      {
        title: "module",
        align: "left",
        shrinks: true,
        cell: (module: InitialisedModule) => printable(module.name),
      },
      { title: "rank", cell: ({ rank }) => String(rank) },
      { title: "alpha", cell: ({ alpha }) => String(Number(alpha.toPrecision(6))) },
      { title: "norm", cell: ({ updateFrobenius }) => String(Number(updateFrobenius.toPrecision(4))) },
      {
        title: "error",
        cell: ({ relativeError }) => (relativeError === null ? "" : errorText(relativeError)),
      },
    ],
    shown,
    terminal,
  );
}

/** Percents where there is something to see, powers of ten below. */
function errorText(error: number): string {
  return error === 0 || error >= 1e-4 ? percent(error) : error.toExponential(1);
}

function summaryLine({ output, changedBase }: InitReport, dryRun: boolean): string {
  const verb = dryRun ? "would write" : "wrote";
  const base = changedBase === null ? "" : ` and ${printable(changedBase.path)}: train on that base`;
  return `${verb} ${printable(output.path)}${base}`;
}
