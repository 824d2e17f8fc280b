import type { Matrix } from "@lora/linalg";
import { LoraError } from "@lora/tensor";
import { arrayLike } from "./dense-tensor.ts";
import { asRows } from "./layer-adapter.ts";
import { plain } from "./plain.ts";
import type { Variant } from "./variant.ts";

/** Which factor is block-diagonal, and in how many blocks. */
export interface BlockDiagonal {
  readonly factor: "down" | "up";
  readonly blocks: number;
}

/**
 * BD-LoRA: one factor is block-diagonal, so that each device of a sharded model holds its blocks. It is stored as the
 * blocks on top of each other: out × in / blocks.
 *
 * @see PEFT tuners/lora/variants.py, BdLoraLinearVariant
 */
export function bdLora({ factor, blocks }: BlockDiagonal): Variant {
  return {
    ...plain,
    id: "bdlora",
    kinds: ["linear"],
    packed(shapes) {
      const [rows = 0, cols = 0] = shapes[factor];
      if (rows % blocks !== 0 || cols % blocks !== 0) {
        throw new LoraError("SHAPE", `a factor of ${rows} × ${cols} does not divide into ${blocks} blocks`, {
          blocks,
        });
      }
      return { ...shapes, [factor]: [rows, cols / blocks] };
    },
    unpack({ up, down }) {
      const rank = down.shape[0]!;
      const dense = { up: asRows(up, up.shape[0]!), down: asRows(down, rank) };
      return { ...dense, [factor]: blockDiagonal(dense[factor], blocks) };
    },
  };
}

/**
 * Which factor of a module is block-diagonal: that whose patterns its name contains.
 *
 * @returns undefined for a module that neither fits, where that is allowed
 * @throws LoraError USAGE when both fit, or neither and `strict`
 */
export function blockDiagonalFactor(
  module: string,
  patterns: { readonly down: readonly string[]; readonly up: readonly string[] },
  strict: boolean,
): "down" | "up" | undefined {
  const fits = (list: readonly string[]): boolean => list.some((pattern) => module.includes(pattern));
  const [down, up] = [fits(patterns.down), fits(patterns.up)];
  if (down && up) {
    throw new LoraError("USAGE", `${module} fits the block-diagonal patterns of both A and B`, { module });
  }
  if (!down && !up && strict) {
    throw new LoraError("USAGE", `${module} fits the block-diagonal patterns of neither A nor B`, {
      module,
      advice: "set match_strict to false to adapt it with plain factors",
    });
  }
  if (down) return "down";
  return up ? "up" : undefined;
}

/** Blocks on top of each other, moved onto the diagonal. */
function blockDiagonal({ rows, cols, data }: Matrix, blocks: number): Matrix {
  const wide = arrayLike(data, rows * cols * blocks);
  for (let i = 0; i < rows; i++) {
    const block = Math.floor((i * blocks) / rows);
    wide.set(data.subarray(i * cols, (i + 1) * cols), i * cols * blocks + block * cols);
  }
  return { rows, cols: cols * blocks, data: wide };
}
