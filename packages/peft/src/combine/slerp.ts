import type { Float64Matrix } from "@lora/linalg";
import type { CombineMethod } from "./_method.ts";
import { directionsOf } from "./_directions.ts";

/** Directions nearer than this to one line are mixed in a straight line. */
const PARALLEL = 0.9995;

/**
 * Along the great circle from one update to the other, by the share of the second weight: with θ the angle between
 * them, (Σ|wᵢ|) · (sin((1 − t)θ)·ΔW₁ + sin(tθ)·ΔW₂) / sin θ. A negative weight turns its update around.
 */
export const slerp: CombineMethod = {
  id: "slerp",
  title: "Along the great circle between two updates",
  source: "Shoemake, SIGGRAPH 1985; on flattened updates as mergekit does on weights",
  options: [],
  rank: "whole",
  most: 2,
  bind: () => ({ kind: "coefficients", coefficients }),
};

function coefficients(gram: Float64Matrix, weights: readonly number[]): readonly number[] {
  const { norms, cosine, shares, total } = directionsOf(gram, weights);
  if (weights.length < 2 || norms.includes(0) || Math.abs(cosine(0, 1)) > PARALLEL) return weights;
  const angle = Math.acos(cosine(0, 1));
  return weights.map(
    (weight, i) => (Math.sign(weight) * total * Math.sin(shares[i]! * angle)) / Math.sin(angle),
  );
}
