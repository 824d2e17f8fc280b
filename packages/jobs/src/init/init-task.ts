import { type Engine, type Matrix, transpose, zeros } from "@lora/linalg";
import {
  activationsOfFile,
  bindInitialiser,
  type BoundInitialiser,
  type InitComponents,
  type InitFactors,
  inputCovariances,
  seededDraws,
} from "@lora/peft";
import { type DType, readValues, tensorFile } from "@lora/tensor";
import type { PoolTask } from "../pool/worker-pool.ts";
import { type PostedTensor, received } from "../posted.ts";
import { type StoredInit, storeInit } from "./store-init.ts";

/** A module to be given factors, with what its method reads. */
export interface InitInput {
  readonly method: string;
  readonly options: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly name: string;
  readonly layer: "linear" | "conv" | "embedding";
  readonly out: number;
  readonly in: number;
  readonly transposed: boolean;
  readonly rank: number;
  readonly scale: number;
  readonly seed: number;
  /** Stored type of the factors. */
  readonly dtype: DType;
  readonly weight?: PostedTensor | undefined;
  /** `<module>.input…` and `mask…` */
  readonly activations?: readonly PostedTensor[] | undefined;
  readonly covariance?: PostedTensor | undefined;
  readonly gradient?: PostedTensor | undefined;
  readonly components?: InitComponents | undefined;
}

/** Makes the factors of one module, and the weight that stays, as they are stored. */
export const initModule: PoolTask<InitInput, StoredInit> = {
  name: "init",
  async run(input, engine) {
    const method = bindInitialiser(input.method, input.options);
    const weight = await oriented(input.weight, input.transposed);
    const factors =
      input.layer === "embedding"
        ? embeddingFactors(input)
        : await madeFactors({ input, method, weight }, engine);
    return storeInit(
      {
        factors,
        weight,
        change: input.layer === "embedding" ? "kept" : method.base,
        scale: input.scale,
        transposed: input.transposed,
      },
      { dtype: input.dtype, baseDType: input.weight?.dtype ?? input.dtype, engine },
    );
  },
};

interface Making {
  readonly input: InitInput;
  readonly method: BoundInitialiser;
  readonly weight: Matrix | undefined;
}

async function madeFactors({ input, method, weight }: Making, engine: Engine): Promise<InitFactors> {
  return method.make({
    out: input.out,
    in: input.in,
    rank: input.rank,
    scale: input.scale,
    draws: seededDraws(input.seed),
    weight,
    covariance: await covarianceOf(input, engine),
    gradient: await oriented(input.gradient, input.transposed),
    components: input.components,
    engine,
  });
}

/** Torch fills an embedding with normal values, and PEFT does so with B; A is zero. */
function embeddingFactors({ out, in: inner, rank, seed }: InitInput): InitFactors {
  return { down: zeros(rank, inner), up: seededDraws(seed).normal(out, rank) };
}

/** As out × in·k·k; f64 where it is stored as that, else f32, which holds all other types. */
async function oriented(posted: PostedTensor | undefined, transposed: boolean): Promise<Matrix | undefined> {
  if (posted === undefined) return undefined;
  const data = await readValues(received(posted), { as: posted.dtype === "f64" ? "f64" : "f32" });
  const rows = posted.shape[0]!;
  const stored = { rows, cols: data.length / rows, data };
  if (!transposed) return stored;
  const turned = transpose(stored);
  return data instanceof Float32Array ? { ...turned, data: new Float32Array(turned.data) } : turned;
}

async function covarianceOf(
  { name, activations, covariance }: InitInput,
  engine: Engine,
): Promise<Matrix | undefined> {
  if (covariance !== undefined) return oriented(covariance, false);
  if (activations === undefined) return undefined;
  const tensors = activations.map((tensor) => [tensor.name, received(tensor)] as const);
  const source = activationsOfFile(tensorFile({ name: "activations", tensors }), { modules: [name] });
  return (await inputCovariances([name], source, { engine })).get(name);
}
