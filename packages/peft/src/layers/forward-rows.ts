import type { Matrix } from "@lora/linalg";
import { LoraError } from "@lora/tensor";
import type { LayerAdapter } from "./layer-adapter.ts";
import type { Tokens } from "./tokens.ts";
import { pickRows } from "./tokens.ts";
import type { VariantLayer } from "./variant.ts";

/** The name that stands for the base model in a mixed batch. */
export const BASE = "__base__";

/** How one forward pass differs from the state of the layer. */
export interface ForwardOptions {
  /** For each sample of the batch, the adapter that it goes through; `__base__` for none. */
  readonly adapterNames?: readonly string[] | undefined;
  /** aLoRA: how many tokens at the end of each sample its adapter acts on; null for none. */
  readonly offsets?: readonly (number | null)[] | undefined;
}

/** The rows of a forward pass before its adapters. */
export interface Pass {
  readonly layer: VariantLayer;
  readonly tokens: Tokens;
  /** x · Wᵀ without bias; it is changed. */
  readonly y: Matrix;
  /** Of the base layer. */
  readonly bias: Matrix["data"] | undefined;
  /** Samples, each of which has as many rows as any other. */
  readonly samples: number;
  readonly active: readonly LayerAdapter[];
}

/**
 * Lets adapters act on the rows: the active ones on all, or in a mixed batch each on the rows of its samples.
 *
 * @throws LoraError SHAPE when there is not one name, or one offset, for each sample
 */
export function forwardRows(pass: Pass, { adapterNames, offsets }: ForwardOptions): void {
  demandOneEach(pass.samples, "adapter names", adapterNames);
  demandOneEach(pass.samples, "offsets", offsets);
  const length = pass.samples === 0 ? 0 : pass.tokens.count / pass.samples;
  const invoked = (row: number): boolean =>
    row % length >= length - (offsets?.[Math.floor(row / length)] ?? 0);
  if (adapterNames === undefined) return act(pass, pass.active, invoked);
  for (const name of new Set(adapterNames)) {
    const rows = adapterNames.flatMap((other, sample) =>
      other === name ? Array.from({ length }, (_, t) => sample * length + t) : [],
    );
    const adapter = pass.layer.adapters.get(name);
    const part = { ...pass, tokens: pass.tokens.pick(rows), y: pickRows(pass.y, rows) };
    act(part, adapter === undefined ? [] : [adapter], (row) => invoked(rows[row]!));
    rows.forEach((row, i) =>
      pass.y.data.set(part.y.data.subarray(i * pass.y.cols, (i + 1) * pass.y.cols), row * pass.y.cols),
    );
  }
}

function act(pass: Pass, adapters: readonly LayerAdapter[], invoked: (row: number) => boolean): void {
  const { layer, tokens, y } = pass;
  const bias = pass.bias === undefined ? new Float64Array(y.cols) : Float64Array.from(pass.bias);
  for (const adapter of adapters) adapter.variant.forward({ layer, adapter, tokens, y, bias, invoked });
  for (let row = 0; row < y.data.length; row += y.cols) {
    for (let j = 0; j < y.cols; j++) y.data[row + j] = y.data[row + j]! + bias[j]!;
  }
}

function demandOneEach(samples: number, what: string, given: readonly unknown[] | undefined): void {
  if (given === undefined || given.length === samples) return;
  throw new LoraError("SHAPE", `a batch of ${samples} takes ${samples} ${what}, not ${given.length}`, {
    batch: samples,
    given: given.length,
  });
}
