import { norm, relative } from "../arithmetic.ts";
import { extraSummary, fileSummary, rankSummary } from "../summaries.ts";
import {
  carriesExtras,
  type Checked,
  type Conversion,
  extrasOf,
  type WrittenConversion,
} from "./conversion.ts";
import { conversionWarnings } from "./conversion-warnings.ts";
import type { ConvertReport, ConvertReportModule } from "./convert-report.ts";

/** The report of a conversion whose file has been read back. */
export function conversionReport(conversion: Conversion, check: Checked): ConvertReport {
  const { adapter, plan, written, options } = conversion;
  const { checked, tolerance, place } = check;
  const modules = written.map((one, index) => reportModule(one, { check, index }));
  return {
    job: "convert",
    input: {
      ...fileSummary(adapter.file),
      dialect: adapter.detection.dialect,
      rank: rankSummary(adapter.modules.map(({ rank }) => rank)),
    },
    base: options.base === undefined ? null : fileSummary(options.base),
    baseArchitecture: plan.architecture,
    output: {
      ...place,
      dialect: plan.writer.id,
      dtype: [...new Set(written.map(({ dtype }) => dtype))].sort().join(", "),
      rank: rankSummary(written.map(({ rank }) => rank)),
    },
    tolerance,
    passed: modules.every(({ withinTolerance }) => withinTolerance),
    relativeErrorFrobenius: relative(
      norm(checked.map(({ difference }) => difference)),
      norm(checked.map((one) => one.norm)),
    ),
    modules,
    ...changes(written),
    split: splitModules(written),
    dropped: carriesExtras(conversion) ? [] : extrasOf(adapter).map(extraSummary),
    leftOut: leftOutModules(conversion),
    warnings: conversionWarnings(conversion),
  };
}

function reportModule(
  { planned, rank, scale, leftOut }: WrittenConversion,
  { check, index }: { readonly check: Checked; readonly index: number },
): ConvertReportModule {
  const { difference, norm: whole, magnitudes } = check.checked[index]!;
  const product = relative(difference, whole);
  const error = product === null ? null : Math.max(product, magnitudes);
  return {
    name: planned.module,
    from: [...new Set(planned.slots.map(({ module }) => module.name))],
    rankBefore: Math.max(...planned.slots.map(({ module }) => module.rank)),
    rank,
    scale,
    relativeErrorFrobenius: error,
    // What was left out on purpose is reported, and no failure.
    withinTolerance: error !== null && error <= check.tolerance + leftOut,
  };
}

type Changes = Pick<
  ConvertReport,
  "joined" | "unfolded" | "magnitudes" | "folded" | "padded" | "approximated" | "rebalanced"
>;

function changes(written: readonly WrittenConversion[]): Changes {
  const name = ({ planned }: WrittenConversion): string => planned.module;
  const kindOf = ({ planned }: WrittenConversion): string => {
    const { module } = planned.slots.find((slot) => slot.module.kind !== "lora") ?? planned.slots[0]!;
    return module.magnitude === undefined ? module.kind : `DoRA (${module.kind})`;
  };
  return {
    joined: written
      .filter(({ planned }) => planned.slots.length > 1)
      .map((one) => ({ name: name(one), rank: one.ownRank, sharesDown: one.sharesDown })),
    unfolded: written
      .filter((one) => kindOf(one) !== "lora")
      .map((one) => ({ name: name(one), kind: kindOf(one), rank: one.ownRank })),
    folded: written
      .filter(({ folded }) => folded !== 1)
      .map((one) => ({ name: name(one), factor: one.folded })),
    magnitudes: written.filter((one) => one.magnitudes !== undefined).map(name),
    padded: written
      .filter(({ rank, ownRank }) => rank !== ownRank)
      .map((one) => ({ name: name(one), from: one.ownRank, to: one.rank })),
    approximated: written
      .filter(({ leftOut }) => leftOut > NEGLIGIBLE)
      .map(({ exactRank, ownRank, leftOut, planned }) => ({
        name: planned.module,
        exactRank,
        rank: ownRank,
        leftOut,
      })),
    rebalanced: written
      .filter(({ exponent }) => exponent !== 0)
      .map((one) => ({ name: name(one), exponent: one.exponent })),
  };
}

/** Less than what rounding to f32 leaves out. */
const NEGLIGIBLE = 2 ** -22;

function splitModules(written: readonly WrittenConversion[]): ConvertReport["split"] {
  const into = new Map<string, string[]>();
  for (const { planned } of written) {
    for (const { module } of planned.slots)
      into.set(module.name, [...(into.get(module.name) ?? []), planned.module]);
  }
  return [...into].filter(([, names]) => names.length > 1).map(([name, names]) => ({ name, into: names }));
}

function leftOutModules({ adapter, plan }: Conversion): string[] {
  const used = new Set(plan.modules.flatMap(({ slots }) => slots.map(({ module }) => module.name)));
  return adapter.modules.filter(({ name }) => !used.has(name)).map(({ name }) => name);
}
