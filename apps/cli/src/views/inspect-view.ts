import type { InspectReport, ModuleSummary } from "@lora/jobs";
import { bytesText, counted, exact, percent } from "../terminal/number-format.ts";
import { printable } from "../terminal/printable.ts";
import { table, type Column } from "../terminal/table.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { chooseGroups } from "./choose-groups.ts";
import { extrasTable } from "./extras-table.ts";
import { factBlock } from "./fact-block.ts";
import { metadataLines, trainingFacts } from "./metadata-lines.ts";
import type { ModuleGroup } from "./module-groups.ts";
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
export function inspectView(report: InspectReport, terminal: Terminal, options: InspectViewOptions = {}): string[] {
  return [
    terminal.style("title", printable(report.file.name)),
    ...factBlock(headerFacts(report), terminal),
    ...section("Modules", moduleTable(report.modules, options.modules, terminal), terminal),
    ...section("Tensors outside modules, carried through every job", extrasTable(report.extras, terminal), terminal),
    ...(options.metadata === true
      ? metadataLines(report, terminal)
      : section("Training, as the metadata tells it", factBlock(trainingFacts(report.metadata), terminal), terminal)),
    ...warningLines(report.warnings, terminal),
    "",
    summaryLine(report),
  ];
}

function headerFacts(report: InspectReport): [string, string][] {
  const { file, modules } = report;
  const alphas = modules.map((module) => module.alpha);
  const known = alphas.filter((alpha) => alpha !== null);
  const unknown = known.length < alphas.length ? `${known.length === 0 ? "not given" : ", not always given"}` : "";
  return [
    ["file", `${printable(report.format)}, ${bytesText(file.bytes)}, ${counted(file.tensors, "tensor")}`],
    ["dialect", `${report.dialect} (${percent(report.confidence)} sure)`],
    ["because", report.reasons.map(printable).join("; ")],
    ["base", report.baseArchitecture],
    ["modules", tally(modules.map(({ kind, layer }) => `${kind} ${layer}`))],
    ["rank", rankText(report)],
    ["alpha", (known.length > 0 ? rangeText(known, exact) : "") + unknown],
    ["scale", rangeText(modules.map((module) => module.scale), exact)],
    ["stored as", dtypeText(modules)],
  ];
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

type Row = ModuleGroup<ModuleSummary>;

function moduleTable(modules: readonly ModuleSummary[], wanted: string | undefined, terminal: Terminal): string[] {
  const rows = chooseGroups(modules, wanted);
  const grouped = rows.some((row) => row.modules.length > 1);
  const parts = new Set(modules.map((module) => module.component)).size > 1;
  const columns: Column<Row>[] = [
    ...(parts ? [{ title: "part", align: "left", cell: (row) => row.component } satisfies Column<Row>] : []),
    { title: "module", align: "left", shrinks: true, cell: (row) => printable(row.label) },
    ...(grouped ? [{ title: "count", cell: (row) => String(row.modules.length) } satisfies Column<Row>] : []),
    { title: "rank", cell: (row) => rangeText(row.modules.map(({ rank }) => rank)) },
    { title: "alpha", cell: (row) => rangeText(row.modules.flatMap(({ alpha }) => alpha ?? []), exact) },
    { title: "scale", optional: true, cell: (row) => rangeText(row.modules.map(({ scale }) => scale), exact) },
    { title: "shape", align: "left", cell: (row) => sharedText(row.modules.map(({ shape }) => shapeOf(shape))) },
    { title: "dtype", align: "left", optional: true, cell: (row) => sharedText(row.modules.map(({ dtype }) => dtype)) },
    { title: "size", cell: (row) => bytesText(row.modules.reduce((sum, { bytes }) => sum + bytes, 0)) },
  ];
  return table(columns, rows, terminal);
}

/** out x in, and the kernel of a convolution. */
function shapeOf(shape: readonly number[]): string {
  return shape.join("x");
}

function summaryLine(report: InspectReport): string {
  const bytes = report.modules.reduce((sum, module) => sum + module.bytes, 0);
  const ranks = rangeText(report.ranks.map(({ rank }) => rank));
  return `${counted(report.modules.length, "module")} of rank ${ranks}, ${bytesText(bytes)} of factors, for ${report.baseArchitecture}`;
}
