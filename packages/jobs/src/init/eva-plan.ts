import { wasmEngine } from "@lora/linalg";
import { activationsOfFile, evaDirections, type InitComponents, scaleOf, seededDraws } from "@lora/peft";
import { LoraError, type TensorFile } from "@lora/tensor";
import type { RunContext } from "../pool/run-context.ts";
import type { PlannedModule } from "./plan-modules.ts";

/** How EVA gives out ranks. */
export interface EvaFlags {
  readonly rho?: number | undefined;
  readonly tau?: number | undefined;
  /** Keep alpha / rank as it was where a rank changes; true when left out. */
  readonly adjustScaling?: boolean | undefined;
}

export interface EvaAsked extends EvaFlags {
  readonly seed: number;
  readonly rsLora: boolean;
}

/** Modules at their new ranks, and the directions of their inputs. */
export interface EvaPlan {
  readonly modules: readonly PlannedModule[];
  readonly components: ReadonlyMap<string, InitComponents>;
  /** Modules that got no rank. */
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
}

/**
 * Gives the budget of ranks to the modules whose inputs take most directions to explain. Embeddings stay as they are.
 *
 * @throws LoraError MISSING without activations, or those of a module; as `evaDirections` does
 */
export async function planEva(
  planned: readonly PlannedModule[],
  activations: TensorFile | undefined,
  asked: EvaAsked,
  { signal, engine = wasmEngine() }: RunContext,
): Promise<EvaPlan> {
  if (activations === undefined) {
    throw new LoraError("MISSING", "eva needs the inputs of every module", {
      advice: "give a file of activations",
    });
  }
  const followed = planned.filter(({ layer }) => layer !== "embedding");
  const names = followed.map(({ name }) => name);
  const layers = await evaDirections(followed, activationsOfFile(activations, { modules: names, signal }), {
    rho: asked.rho,
    tau: asked.tau,
    draws: () => seededDraws(asked.seed),
    engine,
    signal,
  });
  const rankOf = ({ name, rank }: PlannedModule): number => layers.get(name)?.rank ?? rank;
  return {
    modules: planned
      .filter((module) => rankOf(module) > 0)
      .map((module) => atRank(module, rankOf(module), asked)),
    components: new Map([...layers].map(([name, { components }]) => [name, components])),
    skipped: planned
      .filter((module) => rankOf(module) === 0)
      .map(({ name }) => ({ name, reason: "its inputs are explained by fewer directions than others'" })),
  };
}

function atRank(
  module: PlannedModule,
  rank: number,
  { adjustScaling: adjust = true, rsLora }: EvaAsked,
): PlannedModule {
  if (rank === module.rank) return module;
  const alpha = adjust ? (module.alpha * rank) / module.rank : module.alpha;
  return { ...module, rank, alpha, scale: scaleOf({ rank, alpha }, rsLora) };
}
