import type { InspectReport, ModuleSummary } from "@lora/jobs";
import { bytesText, counted, exact, percent } from "../terminal/number-format.ts";
import { moduleTable } from "./module-table.ts";
import { printable } from "../terminal/printable.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { extrasTable } from "./extras-table.ts";
import { type Fact, factBlock } from "./fact-block.ts";
import { configLines, metadataSections } from "./metadata-sections.ts";
import { section } from "./section.ts";
import { rangeText, sharedText, tally } from "./statistics.ts";
import { warningLines } from "./warning-lines.ts";

/** What of an inspection is shown. */
export interface InspectViewOptions {
  /** `all` or a glob; groups of modules when left out and there are many. */
  readonly modules?: string | undefined;
  /** All metadata and the config, not only what is known of the training. */
  readonly metadata?: boolean | undefined;
}

/** An inspection as text. */
export function inspectView(
  report: InspectReport,
  terminal: Terminal,
  options: InspectViewOptions = {},
): string[] {
  return [
    terminal.style("title", printable(report.file.name)),
    ...factBlock(headerFacts(report), terminal),
    ...section("Modules", moduleTable(report.modules, options.modules, terminal), terminal),
    ...section(
      "Tensors outside modules, carried through every job",
      extrasTable(report.extras, terminal),
      terminal,
    ),
    ...metadataSections(report.metadata, terminal, { whole: options.metadata === true }),
    ...(options.metadata === true ? configLines(report.config, terminal) : []),
    ...warningLines(report.warnings, terminal),
    "",
    summaryLine(report),
  ];
}

function headerFacts(report: InspectReport): Fact[] {
  const { file, modules } = report;
  const scales = modules.map((module) => module.scale);
  return [
    ["file", `${printable(report.format)}, ${bytesText(file.bytes)}, ${counted(file.tensors, "tensor")}`],
    ["dialect", `${report.dialect} (${percent(report.confidence)} sure)`],
    ["because", report.reasons.map(printable).join("; ")],
    ["base", report.baseArchitecture],
    ["modules", tally(modules.map(({ kind, layer }) => `${kind} ${layer}`))],
    ["rank", rankText(report)],
    ["alpha", alphaText(modules.map((module) => module.alpha))],
    ["scale", rangeText(scales, exact)],
    ["stored as", dtypeText(modules)],
    ["fingerprint", report.fingerprint ?? undefined],
  ];
}

function alphaText(alphas: readonly (number | null)[]): string {
  const given = alphas.filter((alpha) => alpha !== null);
  if (given.length === 0) return "not given";
  return rangeText(given, exact) + (given.length < alphas.length ? ", not always given" : "");
}

function dtypeText(modules: readonly ModuleSummary[]): string {
  const shared = sharedText(modules.map(({ dtype }) => dtype));
  return shared === "mixed" ? tally(modules.map(({ dtype }) => dtype)) : shared;
}

function rankText({ ranks }: InspectReport): string {
  if (ranks.length <= 1) return String(ranks[0]?.rank ?? "-");
  if (ranks.length > 8) return `${ranks[0]!.rank} to ${ranks.at(-1)!.rank}, ${ranks.length} different`;
  return ranks.map(({ rank, modules }) => `${rank} (${counted(modules, "module")})`).join(", ");
}

function summaryLine(report: InspectReport): string {
  const bytes = report.modules.reduce((sum, module) => sum + module.bytes, 0);
  const ranks = rangeText(report.ranks.map(({ rank }) => rank));
  return `${counted(report.modules.length, "module")} of rank ${ranks}, ${bytesText(bytes)} of factors`;
}
