import { type Adapter, type AdapterModule, readAdapter } from "@lora/peft";
import { type DType, locate, LoraError, type TensorFile } from "@lora/tensor";
import { norm, relative } from "../arithmetic.ts";
import { eachModule } from "../each-module.ts";
import type { RunContext } from "../pool/run-context.ts";
import type { ModulePlace } from "../posted.ts";
import type { VerifiedModule, VerifyReport } from "../reports.ts";
import { fileSummary } from "../summaries.ts";
import { compareExtras } from "./compare-extras.ts";
import { pairBytes, pairKey, shareOfPairs } from "./share-of-pairs.ts";
import { matchModules, type ModulePair } from "./match-modules.ts";
import type { UpdateComparison } from "./compare.ts";
import { compareModules } from "./compare-modules.ts";

/** What `verify` may be told. */
export interface VerifyOptions {
  /** Largest relative Frobenius error of a module that passes; by default what rounding to the coarser stored type explains. */
  readonly tolerance?: number | undefined;
  /** Id of the dialect to read both files in, instead of what they are detected as. */
  readonly dialect?: string | undefined;
}

/**
 * Rebuilds the updates of two adapter files module by module and compares them, whatever their ranks, dialects
 * and stored types. Exact: through the factors, O((m + n)·(rA + rB)²) a module.
 *
 * @throws LoraError as `readAdapter` does; SHAPE when a module adapts weights of different shape; MISSING when
 * the files have no module in common
 */
export async function verify(
  fileA: TensorFile,
  fileB: TensorFile,
  options: VerifyOptions = {},
  context: RunContext = {},
): Promise<VerifyReport> {
  const { signal } = context;
  const read = { dialect: options.dialect, signal };
  const [a, b] = await Promise.all([readAdapter(fileA, read), readAdapter(fileB, read)]);
  const tolerance = checkedTolerance(options.tolerance) ?? roundingTolerance(a, b);
  const pairs = shareOfPairs(matchModules(a, b), context.share);
  const compared = await comparePairs(pairs, { a, b }, context);
  const modules = compared.map(({ pair, comparison }) => verifiedModule(pair, comparison, tolerance));
  const extras = await compareExtras(a, b, context);
  const error = norm(compared.map(({ comparison }) => comparison.differenceFrobenius));
  return {
    job: "verify",
    a: fileSummary(a.file),
    b: fileSummary(b.file),
    tolerance,
    passed: modules.every((module) => module.withinTolerance),
    relativeErrorFrobenius: relative(error, norm(compared.map(({ comparison }) => comparison.normA))),
    modules,
    onlyInA: pairs.flatMap((pair) => (pair.b === undefined ? [pair.a!.name] : [])),
    onlyInB: pairs.flatMap((pair) => (pair.a === undefined ? [pair.b!.name] : [])),
    extras,
  };
}

interface ComparedPair {
  readonly pair: ModulePair;
  readonly comparison: UpdateComparison;
}

function comparePairs(
  pairs: readonly ModulePair[],
  { a, b }: { readonly a: Adapter; readonly b: Adapter },
  context: RunContext,
): Promise<ComparedPair[]> {
  const { signal, findings } = context;
  const known = findings?.of<UpdateComparison>("comparison");
  const work = { phase: "comparing", bytes: pairBytes, context };
  return eachModule(pairs, work, async (pair, pool) => {
    const key = pairKey(pair);
    const comparison =
      known?.get(key) ??
      (await locate({ module: (pair.a ?? pair.b)!.name }, () =>
        compareModules(inFile(pair.a, a), inFile(pair.b, b), { pool, signal }),
      ));
    known?.set(key, comparison);
    return { pair, comparison };
  });
}

function inFile(module: AdapterModule | undefined, { file }: Adapter): ModulePlace | undefined {
  return module && { module, file: file.name };
}

function verifiedModule(
  { a, b }: ModulePair,
  comparison: UpdateComparison,
  tolerance: number,
): VerifiedModule {
  const frobenius = relative(comparison.differenceFrobenius, comparison.normA);
  return {
    name: (a ?? b)!.name,
    other: a === undefined ? null : (b?.name ?? null),
    rankA: a?.rank ?? 0,
    rankB: b?.rank ?? 0,
    relativeErrorFrobenius: frobenius,
    relativeErrorSpectral: relative(comparison.differenceSpectral, comparison.spectralA),
    withinTolerance: frobenius !== null && frobenius <= tolerance,
  };
}

/** Unit roundoff of the stored types; both factors are rounded, and a little is left for the sums. */
const UNIT_ROUNDOFF: Partial<Record<DType, number>> = {
  f64: 2 ** -53,
  f32: 2 ** -24,
  f16: 2 ** -11,
  bf16: 2 ** -8,
};

function roundingTolerance(a: Adapter, b: Adapter): number {
  const dtypes = [...a.modules, ...b.modules].map((module) => UNIT_ROUNDOFF[module.dtype] ?? 2 ** -4);
  return 4 * dtypes.reduce((coarsest, roundoff) => Math.max(coarsest, roundoff), 2 ** -24);
}

function checkedTolerance(tolerance: number | undefined): number | undefined {
  if (tolerance === undefined || tolerance >= 0) return tolerance;
  throw new LoraError("USAGE", `the tolerance ${tolerance} is not a number of 0 or more`, {
    tolerance,
    advice: "give a relative error, e.g. 0.01",
  });
}
