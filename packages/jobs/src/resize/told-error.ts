import type { ReducedProduct } from "@lora/linalg";
import { norm } from "../arithmetic.ts";
import { type ReadProducts, readProducts } from "./read-products.ts";
import { innerProducts, type RoundedFactors, type RoundingReach, roundingReach } from "./rounding-reach.ts";
import type { UpdateError } from "./update-error.ts";

/** What may be left out of the square of an error, beside it. */
const MOST_ADDED = 1e-4;

/** How far the spectral norm of an error may be from the largest value that was dropped, beside it. */
const MOST_OFF = 5e-5;

/** The most that rounding may move, beside the largest value that was dropped, for its reach to be looked at. */
const MOST_MOVED = 1 / 4;

/** Rounded factors, what was dropped, and how far rounding moved the factors. */
export interface Rounding extends RoundedFactors {
  readonly basis: ReducedProduct;
  /** Singular values of the pairs that were dropped, descending. */
  readonly dropped: Float64Array;
  /** ΔW′ = storedScale · up · down */
  readonly storedScale: number;
  readonly rescale: number;
  /** ‖δB‖ and ‖δA‖, or somewhat more. */
  readonly moved: readonly [number, number];
}

/** Norms, scales included. */
interface Sizes {
  /** ‖D‖ and ‖D‖₂ of what was dropped. */
  readonly lost: number;
  readonly largest: number;
  /** μ = g·(‖δB‖·‖A₀‖₂ + ‖B₀‖₂·‖δA‖) */
  readonly moved: number;
  /** g·‖δB‖·‖δA‖ */
  readonly both: number;
}

/**
 * The error of a truncated update whose factors are rounded, D + M, where neither norm may be off by more than 5·10⁻⁵ of it.
 *
 * With δB and δA what moved the factors B₀ and A₀, M is −g·(δB·A₀ + B′·δA). D is orthogonal to B₀ and A₀, so that ⟨D, M⟩ is at most
 * ‖D‖₂·g·‖δB‖·‖δA‖, and ‖M‖ is at most μ + g·‖δB‖·‖δA‖. Where these are small beside both norms of D, ‖M‖² is taken for what it is where
 * every pair is moved in proportion, as rounding does, and in directions of its own: as a rule that is ten times better. Elsewhere
 * the Frobenius norm follows from inner products, and the spectral norm is that of D where rounding does not reach far into it.
 *
 * @returns `undefined` where rounding counts for more: `updateError` measures it
 */
export function toldError(rounding: Rounding): UpdateError | undefined {
  const { weights, storedScale: g, rescale, dropped } = rounding;
  const [up, down] = rounding.moved;
  const sizes: Sizes = {
    lost: rescale * norm(dropped),
    largest: rescale * dropped[0]!,
    moved: g * weights[0]! * (up + down),
    both: g * up * down,
  };
  const { lost, largest, moved, both } = sizes;
  const added = moved ** 2 + 2 * largest * both;
  const likely = (g * norm(weights.map((weight) => weight ** 2)) * Math.hypot(up, down)) / norm(weights);
  const frobenius = added <= MOST_ADDED * lost ** 2 ? Math.hypot(lost, likely) : undefined;
  if (frobenius !== undefined && added <= MOST_ADDED * largest ** 2) return { frobenius, spectral: largest };
  if (!(moved + both <= MOST_MOVED * largest)) return undefined;
  const products = readProducts(rounding, frobenius === undefined ? "f64" : "f32");
  if (!(spectralShift(rounding, sizes, roundingReach(rounding, products)) <= MOST_OFF)) return undefined;
  const measured = frobenius ?? frobeniusOf(rounding, products);
  return measured === undefined ? undefined : { frobenius: measured, spectral: largest };
}

/** ‖rescale · ΔW − g · B′·A′‖, where values are exact enough for it to be left when all else is taken off. */
function frobeniusOf(rounding: Rounding, products: ReadProducts): number | undefined {
  const { basis, storedScale: g, rescale } = rounding;
  const { s, gain, uncertainty } = basis;
  const [inner, square] = innerProducts(rounding, products);
  const whole = rescale ** 2 * norm(s) ** 2;
  const left = whole - 2 * rescale * g * gain * inner + g ** 2 * square;
  return rescale ** 2 * s.length * uncertainty <= MOST_ADDED * left ? Math.sqrt(left) : undefined;
}

/**
 * How far ‖N‖₂ may be from ‖D‖₂, beside it, for N = D − g·(δB·A′ + B₀·δA). It is less by g·‖Dᵀ·δB‖·‖δA‖/‖D‖₂ at most, which D's own
 * vectors show. Let σ > ‖D‖₂ be ‖N‖₂, with the vectors y and x, of which Y and X are the lengths along B₀ and A₀, and let ρ be
 * (μ + g·‖δB‖·‖δA‖)/‖D‖₂ ≤ ¼. For p = Dᵀ·y and z = D·x
 *
 *   σ·p = Dᵀ·z − g·Dᵀ·δB·A′·x and σ·z = D·p − g·D·δAᵀ·B′ᵀ·y, so that (σ − ‖D‖₂)·(‖p‖² + ‖z‖²) ≤ (θ·X + t)·‖p‖ + (η·Y + t)·‖z‖
 *
 * with θ = g·‖Dᵀ·δB·A₀‖, η = g·‖D·δAᵀ·B₀ᵀ‖, and t the larger of g·‖Dᵀ·δB‖·‖δA‖ and g·‖D·δAᵀ‖·‖δB‖. What σ·x and σ·y are along the
 * factors gives X + Y ≤ ((θ + η + t)/σ² + 2·g·‖δB‖·‖δA‖/σ)/(1 − ρ − 2ρ²), and ‖p‖ and ‖z‖ are σ·(1 − 2ρ²) at least:
 * 1.3 and 1.2 are what that comes to where ρ is ¼.
 */
function spectralShift(
  { storedScale: g, rescale, moved: [up, down] }: Rounding,
  { largest, both }: Sizes,
  { plain, weighted }: RoundingReach,
): number {
  const unit = (g * rescale) / largest ** 2;
  const [theta, eta] = weighted.map((each) => unit * each);
  const third = unit * Math.max(plain[0]! * down, plain[1]! * up);
  return 1.3 * Math.max(theta!, eta!) * (theta! + eta! + third + (2 * both) / largest) + 1.2 * third;
}
