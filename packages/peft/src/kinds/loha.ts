import type { AnyMatrix, EngineOptions, Float64Matrix } from "@lora/linalg";
import { multiply, wideMatrix, zeros } from "@lora/linalg";
import { elementCount, LoraError, sameShape, shapeText } from "@lora/tensor";
import { DenseDelta } from "../dense-delta.ts";
import { LowRankDelta } from "../low-rank-delta.ts";
import { pairForm, readPair } from "./_factor-pair.ts";
import type { Kind } from "./_kind.ts";
import { kernelOf } from "./_parts.ts";

const FIRST = { a: "hada_w1_a", b: "hada_w1_b", core: "hada_t1" } as const;
const SECOND = { a: "hada_w2_a", b: "hada_w2_b", core: "hada_t2" } as const;

/**
 * ΔW = s · (up₁·down₁) ∘ (up₂·down₂), entry by entry. Exactly a product of inner size r₁·r₂, column (p, q) of up
 * being up₁[:, p] ∘ up₂[:, q] and row (p, q) of down down₁[p, :] ∘ down₂[q, :]; formed whole where that is larger
 * than ΔW is.
 */
export const loha: Kind = {
  id: "loha",
  title: "LoHa",
  source: "Hyeon-Woo et al. 2021 (FedPara), arXiv 2108.06098; KohakuBlueleaf/LyCORIS loha.py",
  required: ["hada_w1_a", "hada_w1_b", "hada_w2_a", "hada_w2_b"],
  optional: ["hada_t1", "hada_t2", "alpha"],
  describe(parts) {
    const [first, second] = [pairForm(parts, FIRST), pairForm(parts, SECOND)];
    if (!sameShape(first.shape, second.shape)) {
      throw new LoraError(
        "SHAPE",
        `the two products of a LoHa are multiplied entry by entry, and are ${shapeText(first.shape)} and ${shapeText(second.shape)}`,
        { tensor: parts.get("hada_w1_a")!.name, partner: parts.get("hada_w2_a")!.name },
      );
    }
    const { shape } = first;
    return {
      layer: kernelOf(shape).length > 0 ? "conv" : "linear",
      shape,
      rank: Math.min(first.rank * second.rank, shape[0]!, elementCount(shape.slice(1))),
      alphaRank: first.rank,
    };
  },
  async load(module, options = {}) {
    const { engine } = options;
    const [first, second] = await Promise.all([
      readPair(module.parts, FIRST, options),
      readPair(module.parts, SECOND, options),
    ]);
    const scaled = { scale: module.scale, engine };
    if (first.up.cols * second.up.cols > module.rank) {
      return new DenseDelta(entrywise(first, second, { engine }), scaled);
    }
    return new LowRankDelta(
      columnProducts(first.up, second.up),
      rowProducts(first.down, second.down),
      scaled,
    );
  },
};

interface Product {
  readonly up: AnyMatrix;
  readonly down: AnyMatrix;
}

function entrywise(first: Product, second: Product, options: EngineOptions): Float64Matrix {
  const [a, b] = [multiply(first.up, first.down, options), multiply(second.up, second.down, options)];
  return { ...a, data: a.data.map((value, index) => value * b.data[index]!) };
}

/** m × (r·q): column (p, q) is a[:, p] ∘ b[:, q]. */
function columnProducts(first: AnyMatrix, second: AnyMatrix): Float64Matrix {
  const [a, b] = [wideMatrix(first), wideMatrix(second)];
  const result = zeros(a.rows, a.cols * b.cols);
  for (let row = 0, at = 0; row < a.rows; row++) {
    for (let p = 0; p < a.cols; p++) {
      const factor = a.data[row * a.cols + p]!;
      for (let q = 0; q < b.cols; q++) result.data[at++] = factor * b.data[row * b.cols + q]!;
    }
  }
  return result;
}

/** (r·q) × n: row (p, q) is a[p, :] ∘ b[q, :]. */
function rowProducts(first: AnyMatrix, second: AnyMatrix): Float64Matrix {
  const [a, b] = [wideMatrix(first), wideMatrix(second)];
  const result = zeros(a.rows * b.rows, a.cols);
  for (let p = 0, at = 0; p < a.rows; p++) {
    for (let q = 0; q < b.rows; q++) {
      for (let column = 0; column < a.cols; column++, at++) {
        result.data[at] = a.data[p * a.cols + column]! * b.data[q * b.cols + column]!;
      }
    }
  }
  return result;
}
