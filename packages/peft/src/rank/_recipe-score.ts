import { LoraError } from "@lora/tensor";
import { relativeEnergies } from "./_prefix.ts";
import { matters } from "./_recipe.ts";
import type { Recipe } from "./_recipe.ts";
import type { BaseReference, ModuleSpectrum } from "./_rule.ts";

function baseFact<F extends keyof BaseReference>(
  module: ModuleSpectrum,
  fact: F,
): NonNullable<BaseReference[F]> {
  const value = module.base?.[fact];
  if (value === undefined || value === null) {
    throw new LoraError(
      "MISSING",
      `the recipe compares ${module.name} with its base weight, and there is none`,
      {
        module: module.name,
        fact,
        advice: "give the base model, or use only spn_lora, fro_lora and params",
      },
    );
  }
  return value;
}

function euclideanNorm(s: Float64Array): number {
  const energies = s.length > 0 ? relativeEnergies(s) : s;
  return (s[0] ?? 0) * Math.sqrt(energies.reduceRight((sum, value) => sum + value, 0));
}

/** Σ ŵ·log₁₀ reference over the references that are one number for the module. */
function moduleReference(recipe: Recipe, module: ModuleSpectrum): number {
  const references = {
    spn_lora: () => module.s[0] ?? 0,
    spn_ckpt: () => baseFact(module, "spectralNorm"),
    fro_lora: () => euclideanNorm(module.s),
    fro_ckpt: () => baseFact(module, "frobeniusNorm"),
    params: () => module.out + module.in,
  };
  let sum = 0;
  for (const key of ["spn_lora", "spn_ckpt", "fro_lora", "fro_ckpt", "params"] as const) {
    if (matters(recipe, key)) sum += recipe.weights[key] * Math.log10(references[key]());
  }
  return sum;
}

/** |uᵢᵀ·W·vᵢ| for each pair. */
function alignments(module: ModuleSpectrum): Float64Array {
  const factors = baseFact(module, "subspaceFactors");
  if (factors.length < module.s.length) {
    throw new LoraError(
      "SHAPE",
      `${module.s.length} singular values need as many subspace factors, there are ${factors.length}`,
      {
        module: module.name,
      },
    );
  }
  return factors.map(Math.abs);
}

/**
 * What a recipe thinks of each pair: scoreᵢ = log₁₀σᵢ + log₁₀ rescale − Σ_k ŵ_k·log₁₀ reference_k. A pair
 * with σ = 0, or whose references of 0 contradict each other, scores −Infinity.
 *
 * @throws LoraError MISSING when a fact of the base weight is needed and absent; SHAPE when the subspace
 * factors are fewer than the singular values
 */
export function recipeScores(recipe: Recipe, module: ModuleSpectrum): Float64Array {
  const offset = Math.log10(recipe.rescale) - moduleReference(recipe, module);
  const weight = recipe.weights.subspace;
  const factors = matters(recipe, "subspace") ? alignments(module) : undefined;
  return module.s.map((value, index) => {
    const alignment = factors === undefined ? 0 : weight * Math.log10(factors[index] ?? 0);
    const score = Math.log10(value) + offset - alignment;
    return value > 0 && !Number.isNaN(score) ? score : -Infinity;
  });
}
