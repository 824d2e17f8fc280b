import type { AnalyseReport, ModuleAnalysis } from "@lora/jobs";
import { bytesText, counted, percent, significant } from "../terminal/number-format.ts";
import { heatStrip } from "../terminal/heat-strip.ts";
import { printable } from "../terminal/printable.ts";
import { symbols } from "../terminal/symbols.ts";
import { table } from "../terminal/table.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { analyseColumns } from "./analyse-columns.ts";
import { chooseGroups } from "./choose-groups.ts";
import { deviceText } from "./device-text.ts";
import { type Fact, factBlock } from "./fact-block.ts";
import { groupModules } from "./module-groups.ts";
import { nameLines } from "./name-lines.ts";
import { outlookLines } from "./outlook-lines.ts";
import { section } from "./section.ts";
import { median, rangeText, tally } from "./statistics.ts";
import { warningLines } from "./warning-lines.ts";

/** What of an analysis is shown. */
export interface AnalyseViewOptions {
  /** `all` or a glob; groups of modules when left out and there are many. */
  readonly modules?: string | undefined;
}

/** An analysis as text. */
export function analyseView(
  report: AnalyseReport,
  terminal: Terminal,
  options: AnalyseViewOptions = {},
): string[] {
  const rows = chooseGroups(report.modules, options.modules);
  const grouped = rows.some((row) => row.modules.length > 1);
  const columns = analyseColumns(report, grouped, terminal);
  const title = grouped ? "Modules, by layer (medians of each group)" : "Modules";
  return [
    terminal.style("title", printable(report.file.name)),
    ...factBlock(headerFacts(report), terminal),
    ...section(title, [...table(columns, rows, terminal), ...baseLegend(report, terminal)], terminal),
    ...section(
      `${symbols(terminal.unicode).updateNorm} by layer, blocks from left to right`,
      strengthLines(report, terminal),
      terminal,
    ),
    ...section("Keeping at most this rank everywhere", outlookLines(report.outlook, terminal), terminal),
    ...section(
      "Not measured, and in no number above",
      nameLines((report.summary.unmeasured ?? []).map(({ module, reason }) => `${module}: ${reason}`)),
      terminal,
    ),
    ...section(
      "No weight in the base",
      nameLines(report.summary.unpaired.map(({ module, reason }) => `${module}: ${reason}`)),
      terminal,
    ),
    ...warningLines([...report.warnings, ...halfWarnings(report.modules)], terminal),
    "",
    summaryLine(report, terminal),
  ];
}

function headerFacts(report: AnalyseReport): Fact[] {
  const { file, base, device, dialect, baseArchitecture, modules, summary } = report;
  const zeros = summary.zeroModules === 0 ? "" : `, ${summary.zeroModules} of them zero`;
  return [
    ["file", `${file.format}, ${bytesText(file.bytes)}, ${counted(file.tensors, "tensor")}`],
    ["against", base === null ? undefined : `${printable(base.name)} (${bytesText(base.bytes)})`],
    ["device", deviceText(device)],
    ["dialect", dialect],
    ["base", baseArchitecture],
    ["modules", `${tally(modules.map(({ kind, layer }) => `${kind} ${layer}`))}${zeros}`],
    ["rank", rangeText(modules.map(({ rank }) => rank))],
    ["norm", `${significant(summary.frobenius)} of all updates together`],
    ["stable rank", `${significant(summary.meanStableRank)} on average`],
    ["90% energy", keptBy(modules.map(({ rank90 }) => rank90))],
    ["99% energy", keptBy(modules.map(({ rank99 }) => rank99))],
  ];
}

/** What the columns against the base mean. */
function baseLegend({ base }: AnalyseReport, { unicode, style }: Terminal): string[] {
  if (base === null) return [];
  const { sigmaToBase, sigmaToFactor } = symbols(unicode);
  return [
    `${sigmaToBase}: the update against the strongest the weight does`,
    `${sigmaToFactor}: each pair of the update against what the weight does along it, f`,
    "f > 0: how many pairs reinforce the weight; the others oppose it",
  ].map((line) => style("label", `  ${line}`));
}

function keptBy(ranks: readonly number[]): string {
  return `kept by rank ${rangeText(ranks)}, median ${median(ranks) ?? "-"}`;
}

/** One strip for each kind of layer that occurs in several blocks. */
function strengthLines({ modules }: AnalyseReport, terminal: Terminal): string[] {
  const several = new Set(modules.map(({ component }) => component)).size > 1;
  const rows = groupModules(modules)
    .filter((group) => group.modules.length > 1)
    .map((group) => ({
      label: printable(several ? `${group.component} ${group.label}` : group.label),
      values: group.modules.map(({ frobenius }) => frobenius),
    }));
  return heatStrip(rows, terminal);
}

/** Single values near zero lose digits in any file of halves; this many of them are worth a word. */
const MANY = 0.01;

function halfWarnings(modules: readonly ModuleAnalysis[]): string[] {
  const total = (value: (module: ModuleAnalysis) => number): number =>
    modules.reduce((sum, module) => sum + value(module), 0);
  const overflow = total(({ halfOverflow }) => halfOverflow);
  const underflow = total(({ halfUnderflow }) => halfUnderflow) / total(storedValues);
  return [
    ...(overflow > 0
      ? [`${counted(overflow, "stored value")} too large for f16: write with --dtype bf16 or f32`]
      : []),
    ...(underflow > MANY
      ? [`${percent(underflow)} of the stored values are too small for f16 to hold in full precision`]
      : []),
  ];
}

/** Entries of both factors. */
function storedValues({ rank, shape }: ModuleAnalysis): number {
  const [out = 1, ...rest] = shape;
  return rank * (out + rest.reduce((product, size) => product * size, 1));
}

/** The smallest outlook that still keeps 99 % of the energy: an error of at most √0.01. */
const SMALL_ERROR = 0.1;

function summaryLine({ modules, summary, outlook, file }: AnalyseReport, terminal: Terminal): string {
  const stated = `${counted(modules.length, "module")}, ${symbols(terminal.unicode).updateNorm} ${significant(summary.frobenius)}, mean stable rank ${significant(summary.meanStableRank)}`;
  const smallest = outlook
    .filter(
      ({ relativeErrorFrobenius, bytes }) =>
        relativeErrorFrobenius <= SMALL_ERROR && bytes < (file.bytes ?? Infinity),
    )
    .toSorted((a, b) => a.rank - b.rank)[0];
  if (smallest === undefined) return stated;
  return `${stated}; rank ${smallest.rank} would make ${bytesText(smallest.bytes)} at ${percent(smallest.relativeErrorFrobenius)} error`;
}
