import { type LazyTensor, LoraError, rowBytes, sameShape, tensorFile, type TensorFile } from "@lora/tensor";
import { type LoraConfigFile, PEFT_CONFIG, printLoraConfig } from "../config/lora-config-text.ts";
import type { LoraConfig } from "../config/lora-config.ts";
import { plainLoraConfig } from "../config/peft-config.ts";
import { factorTensor } from "../writing/factor-tensor.ts";
import { negated } from "./negated.ts";

/** `….lora_A.weight`, `….lora_embedding_A`, and the same of B. */
const FACTOR = /\.lora_(?:embedding_)?([AB])(?:\.|$)/;

/**
 * Turns an adapter whose initialisation changed the base (PiSSA, OLoRA, CorDA, LoRA-GA) into a plain one for the
 * unchanged base: W + ΔW = (W − s·B₀·A₀) + s·B·A, so that ΔW = s·[B, −B₀]·[A; A₀]. Exact to the last bit, at twice
 * the rank. Everything that is no factor is carried over from the trained adapter.
 *
 * @param trained a PEFT folder: factors after training
 * @param initial a PEFT folder: the factors it began with, saved with `init_lora_weights: true`
 * @throws LoraError MISSING without a configuration or a factor; USAGE when the initial one would change the base
 *   again; SHAPE or DTYPE when factors differ; UNSUPPORTED for DoRA and for what is no plain LoRA
 * @see PEFT subtract_mutated_init
 */
export function subtractMutatedInit(trained: TensorFile, initial: TensorFile): TensorFile {
  const found = plainConfig(trained);
  refuseMutating(plainConfig(initial), initial);
  const tensors = [...trained.tensors].map(([name, tensor]): [string, LazyTensor] => {
    const side = FACTOR.exec(name)?.[1];
    if (side === undefined) return [name, tensor];
    const before = sameFactor(initial, name, tensor);
    return [
      name,
      side === "A" ? rowsThenRows(name, tensor, before) : columnsThenNegated(name, tensor, before),
    ];
  });
  const text = printLoraConfig(doubledRanks(found.config), { unknown: found.unknown });
  return tensorFile({
    name: trained.name,
    tensors,
    metadata: trained.metadata,
    sidecars: new Map(trained.sidecars).set(PEFT_CONFIG, text),
  });
}

function plainConfig(file: TensorFile): LoraConfigFile {
  const found = plainLoraConfig(file);
  if (found === undefined) {
    throw new LoraError(
      "MISSING",
      `there is no ${PEFT_CONFIG} beside the factors to subtract or to subtract from`,
      {
        file: file.name,
      },
    );
  }
  if (!found.config.use_dora) return found;
  throw new LoraError("UNSUPPORTED", "the difference of two DoRA adapters is no low-rank update", {
    file: file.name,
  });
}

function refuseMutating({ config }: LoraConfigFile, { name }: TensorFile): void {
  const found = config.init_lora_weights;
  if (found === true) return;
  throw new LoraError("USAGE", `the initial adapter must say init_lora_weights true, it says ${found}`, {
    file: name,
    advice: "set it to true there: its factors are read, and must not be made again when PEFT loads it",
  });
}

function sameFactor(initial: TensorFile, name: string, { shape, dtype }: LazyTensor): LazyTensor {
  const before = initial.tensors.get(name);
  if (before === undefined) {
    throw new LoraError("MISSING", `the initial adapter has no ${name}`, {
      file: initial.name,
      tensor: name,
    });
  }
  if (!sameShape(before.shape, shape) || before.dtype !== dtype) {
    const [now, then] = [`${dtype} [${shape.join(", ")}]`, `${before.dtype} [${before.shape.join(", ")}]`];
    throw new LoraError(
      before.dtype === dtype ? "SHAPE" : "DTYPE",
      `the factor is ${now}, initially ${then}`,
      {
        file: initial.name,
        tensor: name,
      },
    );
  }
  return before;
}

/** [A; A₀] */
function rowsThenRows(name: string, a: LazyTensor, before: LazyTensor): LazyTensor {
  const shape = [2 * a.shape[0]!, ...a.shape.slice(1)];
  return factorTensor(name, { dtype: a.dtype, shape }, async () =>
    joined([await a.bytes(), await before.bytes()]),
  );
}

/** [B, −B₀] */
function columnsThenNegated(name: string, b: LazyTensor, before: LazyTensor): LazyTensor {
  const shape = [b.shape[0]!, 2 * b.shape[1]!, ...b.shape.slice(2)];
  return factorTensor(name, { dtype: b.dtype, shape }, async () => {
    const [left, right] = [await b.bytes(), negated(await before.bytes(), b.dtype)];
    const rows = Array.from({ length: b.shape[0]! }, (_, row) => rowBytes(b, [row, row + 1]));
    return joined(rows.flatMap((range) => [left.subarray(...range), right.subarray(...range)]));
  });
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const result = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}

/** Twice the ranks at the same scales: alpha grows with r, or with √r for rsLoRA. */
function doubledRanks(config: LoraConfig): LoraConfig {
  const alphaGrowth = config.use_rslora ? Math.SQRT2 : 2;
  const times = (pattern: LoraConfig["rank_pattern"], factor: number): LoraConfig["rank_pattern"] =>
    Object.fromEntries(Object.entries(pattern).map(([key, value]) => [key, factor * value]));
  return {
    ...config,
    r: 2 * config.r,
    lora_alpha: alphaGrowth * config.lora_alpha,
    rank_pattern: times(config.rank_pattern, 2),
    alpha_pattern: times(config.alpha_pattern, alphaGrowth),
    init_lora_weights: true,
    corda_config: null,
    lora_ga_config: null,
    loftq_config: {},
  };
}
