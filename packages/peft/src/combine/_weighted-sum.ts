import type { CoefficientRule } from "./_method.ts";

/** Σ wᵢ·ΔWᵢ */
export const weightedSum: CoefficientRule = {
  kind: "coefficients",
  coefficients: (_, weights) => weights,
};
