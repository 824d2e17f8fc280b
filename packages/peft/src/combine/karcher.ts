import type { Float64Matrix } from "@lora/linalg";
import type { CombineMethod } from "./_method.ts";
import { type Directions, directionsOf } from "./_directions.ts";

const MOST_STEPS = 100;
const TOLERANCE = 1e-12;
/** Nearer than this to 0 or π a direction has no tangent to speak of. */
const LEAST_SINE = 1e-9;

/**
 * The weighted mean of the updates' directions on the sphere, the point with the least sum of squared angles, times
 * the weighted mean of their lengths, times Σ|wᵢ|. It lies in the span of the updates, so inner products are all it
 * needs. A negative weight turns its update around.
 */
export const karcher: CombineMethod = {
  id: "karcher",
  title: "Mean of the directions on the sphere, at the mean length",
  source: "Karcher, Comm. Pure Appl. Math. 30 (1977); on flattened updates as mergekit does on weights",
  options: [],
  rank: "whole",
  bind: () => ({ kind: "coefficients", coefficients }),
};

function coefficients(gram: Float64Matrix, weights: readonly number[]): readonly number[] {
  const directions = directionsOf(gram, weights);
  const { norms, shares, total } = directions;
  const mean = meanDirection(directions);
  const length = total * shares.reduce((sum, share, i) => sum + share * norms[i]!, 0);
  return weights.map((weight, i) =>
    norms[i] === 0 ? 0 : (Math.sign(weight) * length * mean[i]!) / norms[i]!,
  );
}

/** The mean as coordinates in the unit directions, which need not be orthogonal. Zero updates take no part. */
function meanDirection({ norms, shares, cosine }: Directions): number[] {
  const own = shares.map((share, i) => (norms[i] === 0 ? 0 : share));
  const weight = own.reduce((sum, share) => sum + share, 0);
  const inner = (x: readonly number[], y: readonly number[]): number =>
    x.reduce((sum, xi, i) => sum + xi * y.reduce((part, yj, j) => part + yj * cosine(i, j), 0), 0);
  const unit = (x: readonly number[]): number[] => {
    const length = Math.sqrt(Math.max(0, inner(x, x)));
    return length > LEAST_SINE ? x.map((value) => value / length) : first(own);
  };
  let mean = unit(own);
  for (let step = 0; step < MOST_STEPS; step++) {
    const tangent = own.map(() => 0);
    own.forEach((share, i) => {
      const along = Math.min(1, Math.max(-1, inner(mean, only(own, i))));
      const angle = Math.acos(along);
      if (share === 0 || Math.sin(angle) < LEAST_SINE) return;
      const factor = ((share / weight) * angle) / Math.sin(angle);
      mean.forEach((value, j) => (tangent[j]! += factor * ((i === j ? 1 : 0) - along * value)));
    });
    const length = Math.sqrt(Math.max(0, inner(tangent, tangent)));
    if (length < TOLERANCE) break;
    mean = unit(mean.map((value, j) => Math.cos(length) * value + (Math.sin(length) * tangent[j]!) / length));
  }
  return mean;
}

/** The first direction that is one: where the mean has none, as between opposites. */
function first(own: readonly number[]): number[] {
  return only(
    own,
    Math.max(
      0,
      own.findIndex((share) => share > 0),
    ),
  );
}

function only(own: readonly number[], at: number): number[] {
  return own.map((_, i) => (i === at ? 1 : 0));
}
