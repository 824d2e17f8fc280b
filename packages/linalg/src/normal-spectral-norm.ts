import type { MatrixLike } from "./matrix.ts";
import type { Normal } from "./normal-lanczos.ts";
import {
  beginNormalLanczos,
  continueNormalLanczos,
  normalDirection,
  normalEstimate,
} from "./normal-lanczos.ts";
import { axpy } from "./ops/axpy.ts";
import { dotVectors } from "./ops/dot-vectors.ts";
import { norm } from "./ops/norm.ts";
import { refuseNonFinite } from "./refuse-non-finite.ts";
import type { SpectralNorm } from "./spectral-norm.ts";

/** From here on rounded values lead so near to the direction that a few exact steps are left. */
const ROUNDED_TOLERANCE = 2e-3;

/** When to stop. */
export interface Limits {
  readonly tolerance: number;
  readonly maxIterations: number;
}

/**
 * σ₁ by Lanczos steps with products with mapᵀ·map. What is rounded away of the values, where the map offers it, spreads over
 * all directions, of which most belong to small singular values: one or two steps with the map itself take that out again. The
 * direction they come to is then measured, with f64 sums.
 */
export function normalSpectralNorm(map: MatrixLike, start: Float64Array, limits: Limits): SpectralNorm {
  const { tolerance, maxIterations } = limits;
  const led =
    tolerance < ROUNDED_TOLERANCE || map.withRoundedNormal === undefined || maxIterations === 1
      ? { direction: start, iterations: 0 }
      : map.withRoundedNormal((normal) =>
          lead(normal, start, { tolerance, maxIterations: maxIterations - 1 }),
        );
  const state = beginNormalLanczos(led.direction);
  for (let iterations = led.iterations + 1; ; iterations++) {
    continueNormalLanczos((x) => finite(map.multiplyNormal!(x)), state);
    const estimated = normalEstimate(state);
    if (estimated.residual > tolerance * estimated.value && iterations < maxIterations) continue;
    const measured = measuredAlong(map, normalDirection(state));
    if (measured.residual <= tolerance * measured.value || iterations >= maxIterations) {
      return { ...measured, iterations };
    }
  }
}

interface Lead {
  readonly direction: Float64Array;
  readonly iterations: number;
}

/** The first direction, as far as these products show it. */
function lead(normal: Normal, start: Float64Array, { tolerance, maxIterations }: Limits): Lead {
  const state = beginNormalLanczos(start);
  for (let iterations = 1; ; iterations++) {
    continueNormalLanczos((x) => finite(normal(x)), state);
    const { value, residual } = normalEstimate(state);
    if (residual > tolerance * value && iterations < maxIterations) continue;
    // Where everything was rounded to zero, nothing is known.
    return { direction: value > 0 ? normalDirection(state) : start, iterations };
  }
}

/** ‖map·v‖, and how far v and map·v are from being a singular pair. */
function measuredAlong(map: MatrixLike, v: Float64Array): { value: number; residual: number } {
  const back = map.multiplyNormal!(v, "f64");
  const value = Math.sqrt(Math.max(0, dotVectors(back, v)));
  if (value === 0) return { value, residual: 0 };
  for (let i = 0; i < back.length; i++) back[i] /= value;
  axpy(-value, v, back);
  return { value, residual: norm(back) };
}

function finite(data: Float64Array): Float64Array {
  refuseNonFinite({ rows: data.length, cols: 1, data }, "the product with the map");
  return data;
}
