import type { ResizedModule, ResizeReport } from "@lora/jobs";
import { bars } from "../terminal/bars.ts";
import { bytesText, counted, percent } from "../terminal/number-format.ts";
import { printable } from "../terminal/printable.ts";
import { symbols } from "../terminal/symbols.ts";
import { table } from "../terminal/table.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { deviceText } from "./device-text.ts";
import { extrasTable } from "./extras-table.ts";
import { type Fact, factBlock } from "./fact-block.ts";
import { nameLines } from "./name-lines.ts";
import { section } from "./section.ts";
import { median } from "./statistics.ts";
import { warningLines } from "./warning-lines.ts";

/** What of a resize is shown. */
export interface ResizeViewOptions {
  /** Nothing was written: sizes and errors are what a run would make. */
  readonly dryRun?: boolean | undefined;
}

const WORST = 8;
const MOST_BARS = 12;

/** A resize as text. */
export function resizeView(
  report: ResizeReport,
  terminal: Terminal,
  options: ResizeViewOptions = {},
): string[] {
  const { arrow } = symbols(terminal.unicode);
  const head = options.dryRun === true ? "Plan, nothing is written" : "Resized";
  return [
    terminal.style("title", `${head}: ${printable(report.input.name)}`),
    ...factBlock(headerFacts(report, arrow), terminal),
    ...section("Ranks after", rankBars(report.modules, terminal), terminal),
    ...section("Largest errors", worstTable(report.modules, terminal), terminal),
    ...section(
      "Dropped",
      nameLines(report.dropped.map(({ name, reason }) => `${name}: ${reason}`)),
      terminal,
    ),
    ...section("Rewritten in another form", nameLines(report.folded), terminal),
    ...section("Carried through as they are", extrasTable(report.passedThrough, terminal), terminal),
    ...warningLines(report.warnings, terminal),
    "",
    summaryLine(report, arrow, options.dryRun === true),
  ];
}

function headerFacts(
  { input, output, rule, modules, relativeErrorFrobenius, device }: ResizeReport,
  arrow: string,
): Fact[] {
  const errors = modules.flatMap((module) => module.relativeErrorFrobenius ?? []);
  const threshold = rule.threshold === null ? "" : `, threshold ${rule.threshold.toFixed(3)}`;
  return [
    ["rule", `${rule.title}${threshold}`],
    ["device", deviceText(device)],
    ["dialect", input.dialect],
    [
      "size",
      `${bytesText(input.bytes)} ${arrow} ${bytesText(output.bytes)}${ratioText(input.bytes, output.bytes)}`,
    ],
    ["modules", `${input.rank.modules} ${arrow} ${output.rank.modules}`],
    ["rank", `${rankText(input.rank)} ${arrow} ${rankText(output.rank)}`],
    ["error", `${percent(relativeErrorFrobenius)} of all updates together`],
    [
      "per module",
      `median ${percent(median(errors))}, worst ${percent(errors.length === 0 ? null : Math.max(...errors))}`,
    ],
    ["stored as", output.dtype],
    ["output", printable(output.path)],
  ];
}

function ratioText(before: number | null, after: number): string {
  return before === null || before === 0 ? "" : ` (${percent(after / before)})`;
}

function rankText({ min, max, total, modules }: ResizeReport["output"]["rank"]): string {
  if (modules === 0) return "none";
  return min === max ? String(min) : `${min}-${max} (mean ${(total / modules).toFixed(1)})`;
}

/** How many modules have each rank, in ranges where the ranks are many. */
function rankBars(modules: readonly ResizedModule[], terminal: Terminal): string[] {
  const ranks = modules.map((module) => module.rankAfter);
  const [min, max] = [Math.min(...ranks), Math.max(...ranks)];
  if (ranks.length < 2 || min === max) return [];
  const step = Math.ceil((max - min + 1) / MOST_BARS);
  const rows = [];
  for (let from = min; from <= max; from += step) {
    const to = Math.min(max, from + step - 1);
    const count = ranks.filter((rank) => rank >= from && rank <= to).length;
    rows.push({
      label: from === to ? `rank ${from}` : `rank ${from}-${to}`,
      value: count,
      text: String(count),
    });
  }
  return bars(rows, terminal);
}

function worstTable(modules: readonly ResizedModule[], terminal: Terminal): string[] {
  const { arrow, spectral } = symbols(terminal.unicode);
  const worst = modules
    .filter((module) => (module.relativeErrorFrobenius ?? 0) > 0)
    .toSorted((a, b) => b.relativeErrorFrobenius! - a.relativeErrorFrobenius!)
    .slice(0, WORST);
  return table(
    [
      {
        title: "module",
        align: "left",
        shrinks: true,
        cell: (module: ResizedModule) => printable(module.name),
      },
      { title: "rank", cell: (module) => `${module.rankBefore} ${arrow} ${module.rankAfter}` },
      { title: "error", cell: (module) => percent(module.relativeErrorFrobenius) },
      { title: spectral, cell: (module) => percent(module.relativeErrorSpectral) },
    ],
    worst,
    terminal,
  );
}

function summaryLine(
  { input, output, relativeErrorFrobenius, dropped }: ResizeReport,
  arrow: string,
  dryRun: boolean,
): string {
  const sizes = `${bytesText(input.bytes)} ${arrow} ${bytesText(output.bytes)}${ratioText(input.bytes, output.bytes)}`;
  const lost = dropped.length === 0 ? "" : `, ${counted(dropped.length, "module")} dropped`;
  const verb = dryRun ? "would write" : "wrote";
  return `${verb} ${printable(output.path)}: ${sizes}, error ${percent(relativeErrorFrobenius)}${lost}`;
}
