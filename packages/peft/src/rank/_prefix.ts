import type { ModuleSpectrum, RankChoice } from "./_rule.ts";

/** How many of the first pairs of a module to keep. `s` holds its positive singular values, at least one. */
export type Criterion = (s: Float64Array, module: ModuleSpectrum) => number;

/** What a rule calls itself in reports. */
export interface RuleName {
  readonly rule: string;
  readonly title: string;
}

/** 0, 1, … count − 1. */
export function firstIndices(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** The leading part of `s` that is above zero. */
function positivePart(s: Float64Array): Float64Array {
  const end = s.findIndex((value) => value <= 0);
  return end === -1 ? s : s.subarray(0, end);
}

/** A rule that keeps the largest pairs of each module by itself: at least one, none with σ = 0. */
export function prefixChoice(name: RuleName, criterion: Criterion): RankChoice {
  const count = (module: ModuleSpectrum): number => {
    const s = positivePart(module.s);
    return s.length === 0 ? 0 : Math.min(Math.max(criterion(s, module), 1), s.length);
  };
  return {
    ...name,
    needs: [],
    choose: (spectra) => ({ kept: spectra.map((module) => firstIndices(count(module))), rescale: 1 }),
  };
}

/** The smallest k with v₁ + … + v_k ≥ share · Σv, for values ≥ 0 that are not all 0. */
export function smallestPrefix(values: Float64Array, share: number): number {
  let total = 0;
  for (const value of values) total += value;
  let sum = 0;
  // Summed in the same order as the total, so that share 1 is reached exactly.
  const last = values.findIndex((value) => (sum += value) / total >= share);
  return last + 1;
}

/** (σᵢ / σ₁)²: energies that neither overflow nor underflow where it matters. */
export function relativeEnergies(s: Float64Array): Float64Array {
  const largest = s[0] ?? 0;
  return s.map((value) => (value / largest) ** 2);
}
