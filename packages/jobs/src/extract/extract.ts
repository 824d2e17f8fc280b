import {
  DTYPES,
  type LazyTensor,
  locate,
  LoraError,
  sameShape,
  shapeText,
  type TensorFile,
} from "@lora/tensor";
import { eachModule } from "../each-module.ts";
import type { RunContext } from "../pool/run-context.ts";
import { shareOfTensors } from "../shard/share-of-tensors.ts";
import type { WorkerPool } from "../pool/worker-pool.ts";
import type { ExtractReport } from "../model-reports.ts";
import { originOf, provenance } from "../provenance/provenance.ts";
import type { FactorDType } from "../resize/stored-dtype.ts";
import { adapterFile } from "./adapter-file.ts";
import { extractReport } from "./extract-report.ts";
import { type ExtractedFactors, extractWeight } from "./extract-weight.ts";
import type { KeptRank } from "./leading-pairs.ts";
import { type RestTensor, restOf } from "./rest-tensors.ts";

/** What `extract` may be told. */
export interface ExtractOptions extends KeptRank {
  /** Stored type of the factors. @default as the tuned weights where that is a type of 16 or 32 bits, else f32 */
  readonly dtype?: FactorDType | undefined;
  /** Keep norms, biases and whatever else is no matrix whole, where they changed. */
  readonly keepRest?: boolean | undefined;
  /** Of the randomised SVD. @default 0 */
  readonly seed?: number | undefined;
}

/** An adapter that was extracted. */
export interface ExtractOutput {
  readonly file: TensorFile;
  report(written: { readonly path: string; readonly bytes: number }): ExtractReport;
}

/** What is known of factors besides their values. */
type FactorFacts = Omit<ExtractedFactors, "left" | "right">;

/** A weight of both models, and what was found in its difference. */
export interface ExtractedWeight {
  readonly name: string;
  readonly tensor: LazyTensor;
  readonly dtype: FactorDType;
  /** The values only where this run made them. */
  readonly factors: FactorFacts & Partial<ExtractedFactors>;
}

/**
 * The adapter that turns a base into a tuned model, as PEFT stores it: the leading singular pairs of each difference of
 * matrices and kernels, found by a randomised SVD. Nothing is clamped. Errors are measured on the values as stored.
 *
 * Costs 2·m·n·(rank + 8) operations for each of six products a weight. Memory: for each worker two weights as stored and two in
 * f32. All factors are made before this returns, since their ranks are in the header.
 *
 * @throws LoraError USAGE unless exactly one rule is given, in its range; MISSING where the models share no weight; NUMERIC for
 *   NaN and infinity; SHAPE when weights of one name differ in shape
 */
export async function extract(
  models: { readonly base: TensorFile; readonly tuned: TensorFile },
  options: ExtractOptions,
  context: RunContext = {},
): Promise<ExtractOutput> {
  checkRule(options);
  const { base, tuned } = models;
  const shared = [...tuned.tensors].filter(([name]) => base.tensors.has(name));
  if (shared.length === 0) {
    throw new LoraError("MISSING", "the two models have no tensor of the same name", {
      file: tuned.name,
      base: base.name,
      advice: "give the base that was tuned, with names in the same layout",
    });
  }
  const [matrices, others] = [true, false].map((wanted) =>
    shareOfTensors(
      shared.filter(([, tensor]) => isMatrix(tensor) === wanted),
      context.share,
    ),
  );
  const weights = await extractAll(matrices!, models, { options, context });
  const rest: RestTensor[] = await restOf(others!, base, context);
  const found = weights.filter(({ factors }) => factors.rank > 0);
  const kept = options.keepRest === true ? rest.filter(({ isFloat }) => isFloat) : [];
  const origin = await originOf({ models: [base, tuned] }, context);
  return {
    file: adapterFile({ weights: found, kept, tuned, made: provenance(origin, "extract", { ...options }) }),
    report: (written) => extractReport({ base, tuned, weights, rest, kept, options, written }),
  };
}

function extractAll(
  matrices: readonly (readonly [name: string, tensor: LazyTensor])[],
  { base, tuned }: { readonly base: TensorFile; readonly tuned: TensorFile },
  { options, context }: Omit<Tools, "pool">,
): Promise<ExtractedWeight[]> {
  const bytes = ([name, tensor]: (typeof matrices)[number]): number =>
    tensor.byteLength + base.tensors.get(name)!.byteLength;
  const work = { phase: "extracting", bytes, context };
  return eachModule(matrices, work, ([name, tensor], pool) =>
    locate({ file: tuned.name, tensor: name }, () =>
      extractOne({ name, tensor, before: base.tensors.get(name)! }, { options, context, pool }),
    ),
  );
}

function isMatrix({ dtype, shape }: LazyTensor): boolean {
  return DTYPES[dtype].kind === "float" && shape.length >= 2 && shape.every((size) => size > 0);
}

interface Place {
  readonly name: string;
  readonly tensor: LazyTensor;
  readonly before: LazyTensor;
}

interface Tools {
  readonly options: ExtractOptions;
  readonly context: RunContext;
  readonly pool: WorkerPool;
}

async function extractOne(
  { name, tensor, before }: Place,
  { options, context: { signal, findings }, pool }: Tools,
): Promise<ExtractedWeight> {
  if (!sameShape(tensor.shape, before.shape)) {
    throw new LoraError(
      "SHAPE",
      `the tuned weight is ${shapeText(tensor.shape)}, that of the base ${shapeText(before.shape)}`,
      { advice: "give the base that was tuned; resized embeddings have no difference" },
    );
  }
  const [rows = 0] = tensor.shape;
  const dtype = options.dtype ?? factorType(tensor);
  const found = findings?.of<FactorFacts>("factors");
  const known = found?.get(name);
  if (known !== undefined) return { name, tensor, dtype, factors: known };
  const factors = await pool.run(extractWeight, {
    bytes: 3 * (tensor.byteLength + before.byteLength),
    signal,
    input: async () => ({
      base: await before.bytes(undefined, signal),
      tuned: await tensor.bytes(undefined, signal),
      baseType: before.dtype,
      tunedType: tensor.dtype,
      rows,
      cols: tensor.shape.slice(1).reduce((product, size) => product * size, 1),
      keep: options,
      dtype,
      seed: options.seed ?? 0,
    }),
  });
  const { left: _, right: __, ...facts } = factors;
  found?.set(name, facts);
  return { name, tensor, dtype, factors };
}

function factorType({ dtype }: LazyTensor): FactorDType {
  return dtype === "f16" || dtype === "bf16" ? dtype : "f32";
}

function checkRule({ rank, energy, error, maxRank }: KeptRank): void {
  const given = [rank, energy, error].filter((value) => value !== undefined).length;
  if (given !== 1) {
    throw new LoraError(
      "USAGE",
      `exactly one of rank, energy and error says what is kept, ${given} are given`,
      {
        advice: "give one of --rank, --energy, --error",
      },
    );
  }
  for (const [what, value] of [
    ["rank", rank],
    ["maxRank", maxRank],
  ] as const) {
    if (value === undefined || (Number.isInteger(value) && value > 0)) continue;
    throw new LoraError("USAGE", `${what} is a whole number above 0, not ${value}`);
  }
  for (const [what, value] of [
    ["energy", energy],
    ["error", error],
  ] as const) {
    if (value === undefined || (value > 0 && value <= 1)) continue;
    throw new LoraError("USAGE", `${what} is a share above 0 and at most 1, not ${value}`);
  }
}
