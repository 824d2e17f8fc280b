import type { AnalyseReport, BaseAnalysis, ModuleAnalysis } from "@lora/jobs";
import { percent, significant } from "../terminal/number-format.ts";
import { printable } from "../terminal/printable.ts";
import { sparkline } from "../terminal/sparkline.ts";
import { symbols, type Symbols } from "../terminal/symbols.ts";
import type { Column } from "../terminal/table.ts";
import type { Terminal } from "../terminal/terminal.ts";
import type { ModuleGroup } from "./module-groups.ts";
import { median, rangeText } from "./statistics.ts";

type Row = ModuleGroup<ModuleAnalysis>;

const SPECTRUM_WIDTH = 16;

/** The columns of an analysis: of each row the medians of its modules, and against the base where there is one. */
export function analyseColumns(report: AnalyseReport, grouped: boolean, terminal: Terminal): Column<Row>[] {
  const parts = new Set(report.modules.map((module) => module.component)).size > 1;
  const sign = symbols(terminal.unicode);
  const alone = report.base === null;
  const columns: (Column<Row> | false)[] = [
    parts && { title: "part", align: "left", cell: (row) => row.component },
    { title: "module", align: "left", shrinks: true, cell: (row) => printable(row.label) },
    grouped && { title: "count", cell: (row) => String(row.modules.length) },
    { title: "rank", cell: (row) => rangeText(row.modules.map(({ rank }) => rank)) },
    middle(sign.updateNorm, ({ frobenius }) => frobenius),
    { ...middle(sign.largestSigma, ({ spectral }) => spectral), optional: !alone },
    whole("r90%", ({ rank90 }) => rank90),
    { ...whole("r99%", ({ rank99 }) => rank99), optional: !alone },
    { ...middle("stable", ({ stableRank }) => stableRank), optional: !alone },
    { ...middle("effective", ({ effectiveRank }) => effectiveRank), optional: true },
    { title: "spectrum", align: "left", cell: (row) => spectrumLine(row, terminal) },
    ...(alone ? [{ ...middle("up/down", ({ balance }) => balance), optional: true }] : baseColumns(sign)),
  ];
  return columns.filter((column) => column !== false);
}

function middle(title: string, value: (module: ModuleAnalysis) => number | null): Column<Row> {
  return { title, cell: (row) => significant(median(row.modules.flatMap((module) => value(module) ?? []))) };
}

/** As `middle`, for whole numbers. */
function whole(title: string, value: (module: ModuleAnalysis) => number): Column<Row> {
  return { title, cell: (row) => String(median(row.modules.map(value)) ?? "-") };
}

function baseColumns(sign: Symbols): Column<Row>[] {
  const of = (row: Row, value: (base: BaseAnalysis) => number | null): number[] =>
    row.modules.flatMap(({ base }) => (base === undefined ? [] : (value(base) ?? [])));
  return [
    {
      title: sign.sigmaToBase,
      cell: (row) => significant(median(of(row, ({ svalRatios }) => svalRatios[0] ?? null))),
    },
    {
      title: sign.sigmaToFactor,
      cell: (row) => significant(median(of(row, ({ subspaceRatios }) => middleRatio(subspaceRatios)))),
    },
    { title: "f > 0", cell: (row) => percent(reinforcingShare(row)) },
  ];
}

function middleRatio(ratios: readonly (number | null)[]): number | null {
  return median(ratios.filter((ratio) => ratio !== null));
}

/** The share of singular pairs that strengthen what the base does along them: f > 0. The others oppose it. */
function reinforcingShare({ modules }: Row): number | null {
  const factors = modules.flatMap(({ base }) => base?.subspaceFactors ?? []).filter((factor) => factor !== 0);
  return factors.length === 0 ? null : factors.filter((factor) => factor > 0).length / factors.length;
}

/** The spectrum; of a group, the mean of its spectra, each against its own σ₁. */
function spectrumLine({ modules }: Row, terminal: Terminal): string {
  const alive = modules.filter(({ zero }) => !zero);
  const length = Math.max(0, ...alive.map(({ singularValues }) => singularValues.length));
  const mean = Array.from({ length }, (_, index) => {
    const shares = alive.map(({ singularValues, spectral }) => (singularValues[index] ?? 0) / spectral);
    return shares.reduce((sum, share) => sum + share, 0) / alive.length;
  });
  return sparkline(mean, { unicode: terminal.unicode, width: SPECTRUM_WIDTH });
}
