import type { EngineOptions } from "@lora/linalg";
import { checkAborted, LoraError } from "@lora/tensor";
import { type InitDraws, seededDraws } from "../init/_draws.ts";
import type { InitComponents } from "../init/_initialiser.ts";
import { demand } from "../rank/_demand.ts";
import type { ActivationBatch, ActivationSource } from "./activation-source.ts";
import { countedTokens } from "./counted-tokens.ts";
import { evaRanks } from "./eva-ranks.ts";
import { roundHalfToEven } from "../round-half-to-even.ts";
import { addToPca, type PcaState } from "./incremental-pca.ts";
import { noBatch } from "./input-covariances.ts";
import { sharedInputs } from "./shared-inputs.ts";

/** A module that takes part, with the rank that it brings to the budget. */
export interface EvaModule {
  readonly name: string;
  readonly rank: number;
}

export interface EvaOptions extends EngineOptions {
  /** How many times its rank a module may get at most; 2 when left out, 1 leaves all ranks as they are. */
  readonly rho?: number | undefined;
  /** Cosine from which a component counts as settled between two batches; 0.99 when left out. */
  readonly tau?: number | undefined;
  /** Made anew for every update; `seededDraws(0)` when left out. */
  readonly draws?: (() => InitDraws) | undefined;
  /** Passes over the source before giving up; 100 when left out. */
  readonly mostPasses?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The new rank of a module and as many directions. Rank 0: the module is better left alone. */
export interface EvaLayer {
  readonly rank: number;
  readonly components: InitComponents;
  /** The module that was followed in its place, because it has the same inputs. */
  readonly sharedWith?: string | undefined;
}

/**
 * The principal directions of modules' inputs, and ranks by how much each explains, as the initialiser `eva` takes
 * them: batches are read, again and again if need be, until the directions that the ranks ask for stand still.
 * Memory: rank·rho × in numbers a module, and one batch.
 *
 * @throws LoraError MISSING when there is no batch; SHAPE when no batch has enough tokens for a module; NUMERIC when
 *   directions do not settle; USAGE when rho is below 1 or tau not in [0, 1]
 * @see Paischer et al. 2024, arXiv 2410.07170; PEFT get_eva_state_dict
 */
export async function evaDirections(
  modules: readonly EvaModule[],
  source: ActivationSource,
  options: EvaOptions = {},
): Promise<ReadonlyMap<string, EvaLayer>> {
  const { rho = 2, tau = 0.99, mostPasses = 100 } = options;
  demand(rho >= 1, "rho", "at least 1", rho);
  demand(tau >= 0 && tau <= 1, "tau", "from 0 to 1", tau);
  let run: EvaRun | undefined;
  for (let pass = 0; pass < mostPasses; pass++) {
    for await (const batch of source.batches()) {
      checkAborted(options.signal);
      run ??= beginRun(modules, batch, rho);
      if (settle(run)) return result(run);
      advance(run, batch, { ...options, tau });
    }
    if (run === undefined) throw noBatch();
    refuseUnseen(run);
  }
  if (run !== undefined && settle(run)) return result(run);
  const waiting = [...(run?.layers ?? [])].filter(([, layer]) => !layer.settled).map(([name]) => name);
  throw new LoraError(
    "NUMERIC",
    `the directions of ${waiting[0]} do not settle within ${mostPasses} passes`,
    {
      modules: waiting,
      tau,
      advice: "give more batches, or a lower tau",
    },
  );
}

/** What is known of a followed module. */
interface FollowedLayer {
  readonly most: number;
  pca: PcaState | undefined;
  /** Which components stood still at the last update. */
  still: readonly boolean[];
  settled: boolean;
}

interface EvaRun {
  readonly budget: number;
  readonly followed: ReadonlyMap<string, string>;
  readonly layers: ReadonlyMap<string, FollowedLayer>;
  ranks: ReadonlyMap<string, number>;
}

function beginRun(modules: readonly EvaModule[], batch: ActivationBatch, rho: number): EvaRun {
  const names = modules.map(({ name }) => name);
  const followed = sharedInputs(names, batch);
  const most = new Map<string, number>();
  for (const { name, rank } of modules) {
    const of = followed.get(name)!;
    const width = countedTokens(batch, name).cols;
    most.set(of, Math.max(most.get(of) ?? 0, Math.min(width, roundHalfToEven(rank * rho))));
  }
  const layers = [...most].map(([name, count]) => {
    const layer: FollowedLayer = { most: count, pca: undefined, still: [], settled: false };
    return [name, layer] as const;
  });
  return {
    budget: modules.reduce((sum, { rank }) => sum + rank, 0),
    followed,
    layers: new Map(layers),
    ranks: new Map(names.map((name) => [name, most.get(followed.get(name)!)!])),
  };
}

/** Marks the modules whose wanted components stand still; true when all do. A rank that grows may unsettle one. */
function settle({ layers, ranks }: EvaRun): boolean {
  for (const [name, layer] of layers) {
    const wanted = ranks.get(name)!;
    layer.settled = Array.from({ length: wanted }, (_, k) => layer.still[k] === true).every(Boolean);
  }
  return [...layers.values()].every((layer) => layer.settled);
}

function advance(run: EvaRun, batch: ActivationBatch, options: EvaOptions & { readonly tau: number }): void {
  const { draws = () => seededDraws(0), engine, tau } = options;
  for (const [name, layer] of run.layers) {
    const inputs = countedTokens(batch, name);
    if (layer.settled || inputs.rows < layer.most) continue;
    const before = layer.pca;
    layer.pca = addToPca(before, inputs, { components: layer.most, draws: draws(), engine });
    if (before !== undefined) layer.still = cosines(layer.pca, before).map((cosine) => cosine >= tau);
  }
  if ([...run.layers.values()].some(({ pca }) => pca === undefined)) return;
  const ratios = [...run.layers].map(([name, { pca }]) => [name, pca!.explainedVarianceRatio] as const);
  run.ranks = evaRanks({ budget: run.budget, ratios: new Map(ratios), followed: run.followed });
}

function cosines({ directions: now }: PcaState, { directions: before }: PcaState): number[] {
  return Array.from({ length: now.rows }, (_, k) => {
    let cosine = 0;
    for (let i = k * now.cols; i < (k + 1) * now.cols; i++) cosine += now.data[i]! * before.data[i]!;
    return cosine;
  });
}

function refuseUnseen({ layers }: EvaRun): void {
  const unseen = [...layers].find(([, { pca }]) => pca === undefined);
  if (unseen === undefined) return;
  const [name, { most }] = unseen;
  throw new LoraError("SHAPE", `no batch has the ${most} tokens that the components of ${name} take`, {
    module: name,
    components: most,
    advice: "record larger batches, or ask for a smaller rank or rho",
  });
}

function result({ layers, followed, ranks }: EvaRun): ReadonlyMap<string, EvaLayer> {
  const entries = [...followed].map(([name, of]): [string, EvaLayer] => {
    const { directions, singularValues } = layers.get(of)!.pca!;
    const rank = ranks.get(name)!;
    const { cols, data } = directions;
    const components = {
      directions: { rows: rank, cols, data: data.slice(0, rank * cols) },
      singularValues: singularValues.slice(0, rank),
    };
    return [name, { rank, components, ...(of === name ? {} : { sharedWith: of }) }];
  });
  return new Map(entries);
}
