import type { AnyMatrix, Float64Matrix } from "@lora/linalg";
import { multiply, stackColumns, stackRows, wideMatrix } from "@lora/linalg";
import type { Shape } from "@lora/tensor";
import { elementCount } from "@lora/tensor";
import type { NamedTensor } from "../adapter.ts";
import { DenseDelta } from "../dense-delta.ts";
import { LowRankDelta } from "../low-rank-delta.ts";
import type { Part } from "../parts.ts";
import { demandBase } from "./_base-weight.ts";
import type { Kind, LoadOptions, Parts } from "./_kind.ts";
import { demandFactor, demandSameRank, kernelOf, readFactor, requirePart } from "./_parts.ts";
import { combined } from "./_rotation.ts";

/**
 * ΔW = s·(W·a₁·a₂ + b₁·b₂), of older versions s·(W·a₂·a₁ + b₂·b₁): which one it is, the shapes say. For a given W exactly a
 * product of inner size 2r; of a convolution, where W·a₁·a₂ works at each place of the kernel, formed whole.
 */
export const glora: Kind = {
  id: "glora",
  title: "GLoRA",
  source: "Chavan et al. 2023, arXiv 2306.07967; LyCORIS glora.py; ComfyUI comfy/weight_adapter/glora.py",
  required: ["glora_a1", "glora_a2", "glora_b1", "glora_b2"],
  optional: ["alpha"],
  needsBase: true,
  isWhole: (shape) => elementCount(kernelOf(shape)) > 1,
  describe(parts) {
    const { down, up, kernel, rank } = layoutOf(parts);
    const width = down.tensor.shape[1]!;
    return {
      layer: kernel.length > 0 ? "conv" : "linear",
      shape: [up.tensor.shape[0]!, width, ...kernel],
      rank: 2 * rank,
      alphaRank: rank,
    };
  },
  async load(module, options = {}) {
    const { engine } = options;
    const w = demandBase(glora, module, options);
    const layout = layoutOf(module.parts);
    const [first, second, up, down] = await Promise.all(
      [layout.first, layout.second, layout.up, layout.down].map((part) => readFactor(part, options)),
    );
    const scaled = { scale: module.scale, engine };
    const kernel = elementCount(layout.kernel);
    if (kernel === 1) {
      const through = multiply(w, first!, { engine });
      return new LowRankDelta(
        stackColumns([wideMatrix(up!), through]),
        stackRows([wideMatrix(down!), wideMatrix(second!)]),
        scaled,
      );
    }
    const channels = multiply(first!, second!, { engine });
    const whole = combined(
      multiply(up!, down!, { engine }),
      overChannels(w, channels, { kernel, engine }),
      1,
    );
    return new DenseDelta(whole, scaled);
  },
};

interface Layout {
  /** in × r and r × in, of W·first·second */
  readonly first: NamedTensor;
  readonly second: NamedTensor;
  /** out × r and r × in·k·k */
  readonly up: NamedTensor;
  readonly down: NamedTensor;
  readonly kernel: readonly number[];
  readonly rank: number;
}

/** The older layout wherever it fits: both do only where all sizes are one, and there ComfyUI takes it. */
function layoutOf(parts: Parts): Layout {
  const [a1, a2] = [requirePart(parts, "glora_a1"), requirePart(parts, "glora_a2")];
  const [b1, b2] = [requirePart(parts, "glora_b1"), requirePart(parts, "glora_b2")];
  for (const factor of [a1, a2, b1, b2]) demandFactor(factor, "any");
  const [first, second, up, down] = isOlder(parts) ? [a2, a1, b2, b1] : [a1, a2, b1, b2];
  demandFactor(first, "none");
  const rank = demandSameRank([
    [first, 1],
    [second, 0],
    [up, 1],
    [down, 0],
  ]);
  return { first, second, up, down, kernel: kernelOf(down.tensor.shape), rank };
}

/** r × in, in × r, r × in and out × r. */
function isOlder(parts: Parts): boolean {
  const shape = (part: Part): Shape => requirePart(parts, part).tensor.shape;
  const rank = shape("glora_a1")[0];
  return [shape("glora_a2")[1], shape("glora_b1")[0], shape("glora_b2")[1]].every((size) => size === rank);
}

/** Σᵢ W[o, i, k]·c[i, j] for each place k of the kernel. */
function overChannels(
  w: Float64Matrix,
  channels: AnyMatrix,
  { kernel, engine }: LoadOptions & { readonly kernel: number },
): Float64Matrix {
  const width = w.cols / kernel;
  const result = { rows: w.rows, cols: w.cols, data: new Float64Array(w.data.length) };
  for (let place = 0; place < kernel; place++) {
    const at = (row: number, channel: number): number => row * w.cols + channel * kernel + place;
    const plane = Float64Array.from(
      { length: w.rows * width },
      (_, index) => w.data[at(Math.floor(index / width), index % width)]!,
    );
    const { data } = multiply({ rows: w.rows, cols: width, data: plane }, channels, { engine });
    data.forEach((value, index) => (result.data[at(Math.floor(index / width), index % width)] = value));
  }
  return result;
}
