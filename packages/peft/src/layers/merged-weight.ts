import { encode, LoraError } from "@lora/tensor";
import { firstNonFinite } from "@lora/linalg";
import type { LayerAdapter } from "./layer-adapter.ts";
import type { Merge } from "./merge-update.ts";
import { mergedBytes, unmergedBytes } from "./merge-update.ts";
import type { Parameter } from "./parameter.ts";
import { roundedTo } from "./rounding.ts";

/** How to merge. */
export interface MergeOptions {
  /** All that are active when left out, in their order. */
  readonly adapters?: readonly string[] | undefined;
  /** Refuse results that are not finite, and round each update to the type of the weight before it is added. */
  readonly safe?: boolean | undefined;
  /** Keep the weight as it was, so that unmerging is exact. True when left out; costs the stored weight once more. */
  readonly keepOriginal?: boolean | undefined;
}

/** What unmerging gave back. */
export interface UnmergeReport {
  /** The weight is what it was, to the bit. */
  readonly exact: boolean;
  /** How far a value can be from what it was. */
  readonly maxError: number;
}

/** One adapter on its way into the weight. */
export interface MergedAdapter {
  readonly adapter: LayerAdapter;
  readonly merge: Merge;
}

/** A weight and a bias that adapters are merged into and taken out of again. */
export class MergedWeight {
  readonly #weight: Parameter;
  readonly #bias: Parameter | undefined;
  #merged: readonly MergedAdapter[] = [];
  #original: Uint8Array | undefined;
  #originalBias: Uint8Array | undefined;

  constructor(weight: Parameter, bias: Parameter | undefined) {
    this.#weight = weight;
    this.#bias = bias;
  }

  /** Names of what is merged, in order. */
  get names(): readonly string[] {
    return this.#merged.map(({ adapter }) => adapter.name);
  }

  /**
   * Merges one by one, or nothing where one of them fails.
   *
   * @throws LoraError NUMERIC as `mergedBytes` does; UNSUPPORTED when an adapter has a bias and the layer has none
   */
  merge(adapters: readonly MergedAdapter[], keepOriginal: boolean): void {
    if (adapters.length === 0) return;
    const undo = this.snapshot();
    const [weight, bias] = [this.#weight.bytes, this.#bias?.bytes];
    try {
      for (const { adapter, merge } of adapters) {
        const changed = mergedBytes(this.#weight, merge);
        this.#mergeBias(adapter, merge.safe);
        this.#weight.replace(changed);
      }
    } catch (error) {
      undo();
      throw error;
    }
    if (this.#merged.length === 0) {
      this.#original = keepOriginal ? weight : undefined;
      this.#originalBias = bias;
    }
    this.#merged = [...this.#merged, ...adapters];
  }

  /** Remembers all there is now. @returns what brings it back */
  snapshot(): () => void {
    const [weight, bias] = [this.#weight.bytes, this.#bias?.bytes];
    const [merged, original, originalBias] = [this.#merged, this.#original, this.#originalBias];
    return () => {
      this.#weight.replace(weight);
      if (bias !== undefined) this.#bias?.replace(bias);
      [this.#merged, this.#original, this.#originalBias] = [merged, original, originalBias];
    };
  }

  /** Takes out all that was merged. */
  unmerge(): UnmergeReport {
    if (this.#merged.length === 0) return { exact: true, maxError: 0 };
    const { bytes, maxError } = this.unmerged();
    const exact = this.#original !== undefined;
    this.#weight.replace(bytes);
    if (this.#originalBias !== undefined) this.#bias?.replace(this.#originalBias);
    this.#merged = [];
    this.#original = undefined;
    this.#originalBias = undefined;
    return { exact, maxError };
  }

  /** The stored bytes without what is merged. Nothing changes. */
  unmerged(): { bytes: Uint8Array; maxError: number } {
    const now = this.#weight.bytes;
    if (this.#merged.length === 0) return { bytes: now, maxError: 0 };
    if (this.#original !== undefined) return { bytes: this.#original, maxError: 0 };
    let maxError = 0;
    try {
      for (const { merge } of this.#merged.toReversed()) {
        const step = unmergedBytes(this.#weight, merge, maxError);
        this.#weight.replace(step.bytes);
        maxError = step.maxError;
      }
      return { bytes: this.#weight.bytes, maxError };
    } finally {
      this.#weight.replace(now);
    }
  }

  /** The stored bytes of the bias without what is merged. */
  unmergedBias(): Uint8Array | undefined {
    return this.#originalBias ?? this.#bias?.bytes;
  }

  #mergeBias({ name, tensors, scale }: LayerAdapter, safe: boolean): void {
    if (tensors.bias === undefined) return;
    if (this.#bias === undefined) {
      throw new LoraError(
        "UNSUPPORTED",
        `adapter ${name} has a bias, and this layer has none to merge it into`,
        {
          adapter: name,
          advice: "run the adapter unmerged, or give the layer a bias of zeros",
        },
      );
    }
    const sum = this.#bias.values().slice();
    for (let i = 0; i < sum.length; i++) sum[i] = sum[i]! + scale * tensors.bias.data[i]!;
    const rounded = { rows: 1, cols: sum.length, data: roundedTo(sum, this.#bias.dtype) };
    if (safe && firstNonFinite(rounded) >= 0) {
      throw new LoraError("NUMERIC", `merging adapter ${name} makes the bias NaN or infinite`, {
        adapter: name,
      });
    }
    this.#bias.replace(encode(sum, this.#bias.dtype));
  }
}
