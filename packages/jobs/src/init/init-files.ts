import { type BoundInitialiser, factorTensor } from "@lora/peft";
import { byteCount, type DType, type LazyTensor, locate, tensorFile, type TensorFile } from "@lora/tensor";
import { inlinePool } from "../pool/inline-pool.ts";
import type { RunContext } from "../pool/run-context.ts";
import { LookAhead, type Step } from "../resize/look-ahead.ts";
import { type InitInput, initModule } from "./init-task.ts";
import { readInputs, type InitSources } from "./module-inputs.ts";
import { moduleSeed } from "./module-seed.ts";
import { innerSize, type PlannedModule } from "./plan-modules.ts";
import type { StoredInit } from "./store-init.ts";

/** Everything that the files of an initialisation are made from. */
export interface InitPlan {
  readonly modules: readonly PlannedModule[];
  readonly method: BoundInitialiser;
  readonly options: InitInput["options"];
  readonly methodName: string;
  readonly sources: InitSources;
  readonly seed: number;
  /** Of the factors. */
  readonly dtype: DType;
  /** The text of the adapter's configuration. */
  readonly config: string;
  /** What the metadata of both files says of their origin. */
  readonly origin: readonly [key: string, value: string];
  readonly context: RunContext;
}

/** The files, which make their values when they are written, and what was made of each module so far. */
export interface InitFiles {
  readonly adapter: TensorFile;
  /** The base with its changed weights; undefined where the method changes none. */
  readonly base: TensorFile | undefined;
  readonly made: ReadonlyMap<string, MadeInit>;
}

/** What was made of a module, without its values. */
export type MadeInit = Omit<StoredInit, "down" | "up" | "base">;

const PREFIX = "base_model.model.";

/** Changed weights that are held ahead of the writer. */
const AHEAD_BYTES = 256 * 2 ** 20;

/**
 * The adapter and the changed base. Written in the order base, adapter, every module is worked on once: its factors are
 * kept from then on, its weight only until it is written.
 */
export function initFiles(plan: InitPlan): InitFiles {
  const made = plan.context.findings?.of<MadeInit>("made") ?? new Map<string, MadeInit>();
  const pool = plan.context.pool ?? inlinePool(plan.context.engine);
  const ahead = new LookAhead<StoredInit>({ steps: 2 * pool.size, bytes: AHEAD_BYTES });
  const stored = new Map<string, StoredInit>();
  const pulls = new Map(
    plan.modules.map(
      (module) => [module.name, ahead.add(step(plan, module, { pool, stored, made }))] as const,
    ),
  );
  const factors = (name: string): Promise<StoredInit> => {
    const known = stored.get(name);
    return known === undefined ? pulls.get(name)!() : Promise.resolve(known);
  };
  const base = plan.method.base === "kept" ? undefined : changedBase(plan, pulls);
  return { adapter: adapterFile(plan, factors), base, made };
}

interface Workplace {
  readonly pool: ReturnType<typeof inlinePool>;
  /** Factors, once they are made. */
  readonly stored: Map<string, StoredInit>;
  readonly made: Map<string, MadeInit>;
}

function step(plan: InitPlan, module: PlannedModule, { pool, stored, made }: Workplace): Step<StoredInit> {
  const { method, sources, context, dtype } = plan;
  const { name, tensor, shape, rank } = module;
  const [out, inner] = [shape[0]!, innerSize(module)];
  const bytes = byteCount({ dtype, shape: [rank, out + inner] }) + tensor.tensor.byteLength;
  return {
    bytes,
    async make() {
      const place = { file: sources.base.name, module: name };
      const result = await locate(place, () =>
        pool.run(initModule, {
          bytes,
          signal: context.signal,
          input: async () => ({
            method: plan.methodName,
            options: plan.options,
            name,
            dtype,
            rank,
            out,
            in: inner,
            layer: module.layer,
            transposed: module.transposed,
            scale: module.scale,
            seed: moduleSeed(plan.seed, name),
            ...(await readInputs(module, method, sources, context.signal)),
          }),
        }),
      );
      const { updateFrobenius, weightFrobenius, relativeError } = result;
      made.set(name, { updateFrobenius, weightFrobenius, relativeError });
      stored.set(name, { ...result, base: undefined });
      return result;
    },
  };
}

function adapterFile(plan: InitPlan, factors: (name: string) => Promise<StoredInit>): TensorFile {
  const tensors = plan.modules.flatMap((module): [string, LazyTensor][] => {
    const { name, layer, shape, rank } = module;
    const endings =
      layer === "embedding" ? ["lora_embedding_A", "lora_embedding_B"] : ["lora_A.weight", "lora_B.weight"];
    const kernel = shape.slice(2);
    const shapes = [
      [rank, ...shape.slice(1)],
      [shape[0]!, rank, ...kernel.map(() => 1)],
    ];
    return (["down", "up"] as const).map((part, index) => {
      const tensorName = `${PREFIX}${name}.${endings[index]}`;
      const spec = { dtype: plan.dtype, shape: shapes[index]! };
      return [tensorName, factorTensor(tensorName, spec, async () => (await factors(name))[part])];
    });
  });
  return tensorFile({
    name: "adapter_model.safetensors",
    tensors,
    metadata: [["format", "pt"], plan.origin],
    sidecars: [["adapter_config.json", plan.config]],
  });
}

function changedBase(plan: InitPlan, pulls: ReadonlyMap<string, () => Promise<StoredInit>>): TensorFile {
  const { base } = plan.sources;
  const changed = plan.modules.filter(({ layer }) => layer !== "embedding");
  const byTensor = new Map(changed.map(({ name, tensor }) => [tensor.name, name]));
  const tensors = [...base.tensors].map(([name, tensor]): [string, LazyTensor] => {
    const module = byTensor.get(name);
    if (module === undefined) return [name, tensor];
    const { dtype, shape } = tensor;
    return [name, factorTensor(name, { dtype, shape }, async () => (await pulls.get(module)!()).base!)];
  });
  return tensorFile({
    name: base.name,
    tensors,
    metadata: [...base.metadata, plan.origin],
    sidecars: base.sidecars,
  });
}
