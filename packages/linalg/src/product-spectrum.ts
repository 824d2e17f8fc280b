import { scaled, scaledColumns } from "./arrange.ts";
import type { Engine, EngineOptions } from "./engine.ts";
import type { AnyMatrix, Matrix } from "./matrix.ts";
import { multiply } from "./multiply.ts";
import { norm } from "./ops/norm.ts";
import { productCore } from "./product-core.ts";
import { referenceEngine } from "./reference-engine.ts";
import { svd } from "./svd.ts";
import type { TallFrame } from "./tall-frame.ts";
import { turnedBy } from "./tall-frame.ts";

/** Below the rounding of what is stored as f32. */
export const DIGITS_OF_SINGLE: number = 2 ** -27;

/** How exact a spectrum has to be. */
export interface ProductSpectrumOptions extends EngineOptions {
  /**
   * How far the columns of u and v may be from orthonormal, and values from exact, relatively; 2⁻²⁷ when left out,
   * below the rounding of f32. 0 asks for the digits of `productSvd`.
   */
  readonly tolerance?: number | undefined;
  /** What the product is multiplied with; 1 when left out. Values have no sign, so u takes it. */
  readonly gain?: number | undefined;
}

/** The singular value decomposition u · diag(s) · vᵀ of b·a, u and v told by two small matrices. */
export interface ProductSpectrum {
  /** k = min(m, r, n) values, descending. */
  readonly s: Float64Array;
  /** r × k: u = b · left. */
  readonly left: Matrix;
  /** r × k: v = aᵀ · right. */
  readonly right: Matrix;
}

/**
 * The spectrum of `b · a`, and what its singular vectors are made of, from the r × r Gram matrices of the factors: each
 * is read once, and again only by who multiplies it with the columns of `left` or `right` that are wanted. Balanced
 * factors of rank q, for example, are b · left′ and right′ᵀ · a, where left′ and right′ are the first q columns times √s.
 *
 * A factor whose columns (of b, rows of a) are too nearly dependent for the tolerance is decomposed by CholeskyQR2 or
 * Householder's reflections at three times the cost. Then column i of u or v is exact to c·r·2⁻⁵²·‖b‖₂·‖a‖₂ / sᵢ, and
 * zero where sᵢ is rounding: no more than r·2⁻⁵²·‖b‖_F·‖a‖_F.
 *
 * @param b m × r (LoRA "up", `lora_B`)
 * @param a r × n (LoRA "down", `lora_A`)
 * @throws LoraError SHAPE when the inner sizes differ; NUMERIC when an entry is not finite
 * @see `tallFrame` for the bound; the oracle of the test: `svd` of the product
 */
export function productSpectrum(
  b: AnyMatrix,
  a: AnyMatrix,
  { engine = referenceEngine, tolerance = DIGITS_OF_SINGLE, gain = 1 }: ProductSpectrumOptions = {},
): ProductSpectrum {
  const { left, right, core } = productCore(engine, b, a, tolerance);
  const { u, s, v } = svd(core, { engine });
  const least = b.cols * Number.EPSILON * norm(left.triangle.data) * norm(right.triangle.data);
  const inverse = s.map((value) => (value > least ? 1 / value : 0));
  const ofLeft = left.ofItself ? turnedBy(engine, left, u) : throughOther(engine, right, v, inverse);
  return {
    s: gain === 1 ? s : s.map((value) => Math.abs(gain) * value),
    left: gain < 0 ? scaled(ofLeft, -1) : ofLeft,
    right: right.ofItself ? turnedBy(engine, right, v) : throughOther(engine, left, u, inverse),
  };
}

/** b · (triangleᵀ · v / s) = u for the triangle of aᵀ, since b · a · v = u · s; and for u likewise. */
function throughOther(
  engine: Engine,
  { triangle }: TallFrame,
  vectors: Matrix,
  inverse: Float64Array,
): Matrix {
  return scaledColumns(multiply(triangle, vectors, { transA: true, engine }), inverse);
}
