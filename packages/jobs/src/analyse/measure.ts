import { type Svd, wideMatrix, zeros } from "@lora/linalg";
import {
  alphaOverRank,
  balance,
  baseWeight,
  effectiveRank,
  energyRank,
  frobenius,
  halfRange,
  type MetricInput,
  numericalRank,
  spectral,
  stableRank,
  type StoredFactors,
  type Update,
  zeroModule,
} from "@lora/metrics";
import { type AdapterModule, type Delta, loadDelta, type NamedTensor, plainDelta } from "@lora/peft";
import { readValues } from "@lora/tensor";
import { finiteOrNull } from "../arithmetic.ts";
import { finiteBaseWeight } from "../finite-base-weight.ts";
import type { PoolTask } from "../pool/worker-pool.ts";
import { type PostedModule, type PostedWeight, receivedModule, receivedWeight } from "../posted.ts";
import type { ModuleAnalysis, ModuleSummary } from "../reports.ts";
import { type BaseMeasures, measureBase } from "./measure-base.ts";

/** A module to be measured, and the weight it changes where there is one. */
export interface MeasureInput {
  readonly module: PostedModule;
  readonly weight: PostedWeight | undefined;
  /** Of the start vectors of iterative norms. */
  readonly seed: number;
  /** Whether the singular vectors of the update are wanted too. */
  readonly vectors?: boolean;
}

/** What the values of a module say, beyond its header. */
export interface Measures {
  readonly update: Omit<ModuleAnalysis, keyof ModuleSummary | "base">;
  readonly base: BaseMeasures | undefined;
  readonly vectors: Svd | undefined;
}

/** Measures one module, and its place in the base weight. */
export const measure: PoolTask<MeasureInput, Measures> = {
  name: "measure",
  async run({ module: posted, weight, seed, vectors = false }, engine) {
    const module = receivedModule(posted);
    const base = weight && (await finiteBaseWeight(receivedWeight(module, weight)));
    // Without its weight DoRA is the pair alone.
    const delta = base ? await plainDelta(module, base, { engine }) : await loadDelta(module, { engine });
    const svd = vectors || base !== undefined ? delta.svd() : valuesOnly(delta);
    const update: Update = { ...svd, stored: await storedFactors(module, delta) };
    return {
      update: measures({ update }),
      base: base && measureBase({ update, base: baseWeight(base, { seed, engine }) }),
      vectors: vectors ? svd : undefined,
    };
  },
};

/** Without vectors, which only measures against a base ask for. */
function valuesOnly(delta: Delta): Svd {
  return { u: zeros(delta.rows, 0), s: delta.singularValues(), v: zeros(delta.cols, 0) };
}

function measures(input: MetricInput): Measures["update"] {
  const half = halfRange.compute(input);
  const ranks = energyRank.compute(input);
  return {
    singularValues: [...input.update.s],
    frobenius: frobenius.compute(input),
    spectral: spectral.compute(input),
    stableRank: stableRank.compute(input),
    effectiveRank: effectiveRank.compute(input),
    numericalRank: numericalRank.compute(input),
    rank90: ranks.p90,
    rank99: ranks.p99,
    alphaOverRank: alphaOverRank.compute(input),
    balance: finiteOrNull(balance.compute(input)),
    halfOverflow: half.overflow,
    halfUnderflow: half.subnormal + half.flushed,
    zero: zeroModule.compute(input),
  };
}

/** The factors as the file holds them, a Tucker core not among them; of other kinds, those of its exact product. */
async function storedFactors(module: AdapterModule, delta: Delta): Promise<StoredFactors> {
  const { scale, alpha } = module;
  const [down, up] = [module.parts.get("down"), module.parts.get("up")];
  if (down === undefined || up === undefined) {
    const factors = delta.storedFactors();
    return { up: wideMatrix(factors.up), down: wideMatrix(factors.down), scale, alpha };
  }
  const read = async ({ tensor }: NamedTensor): Promise<StoredFactors["up"]> => {
    // Narrower types fit in f32, at half the memory.
    const data = await readValues(tensor, { as: tensor.dtype === "f64" ? "f64" : "f32" });
    const rows = tensor.shape[0]!;
    return { rows, cols: data.length / rows, data };
  };
  return { up: await read(up), down: await read(down), scale, alpha };
}
