import { frobeniusNorm, matrixMap, multiply, spectralNorm } from "@lora/linalg";
import type { EngineOptions, Matrix, SpectralNorm } from "@lora/linalg";
import { rememberEach, rememberOne } from "./remember.ts";

/** How exactly and from which start the spectral norm is sought. */
export interface BaseWeightOptions extends EngineOptions {
  /** Of the spectral norm: it is sought until its residual is this small beside it; 1e-8 when left out. */
  readonly tolerance?: number | undefined;
  /** Of the random start; the same seed gives the same digits. 0 when left out. */
  readonly seed?: number | undefined;
}

/**
 * A weight of the base model, W (out × in, a convolution flattened to out × in·k·k), with what several
 * metrics ask of it. Everything is computed at the first call and kept as long as this object.
 */
export interface BaseWeight {
  readonly out: number;
  readonly in: number;
  /** σmax(W) by Golub–Kahan–Lanczos, with the residual it stopped at. Two passes over W an iteration, some 10 to 50. */
  spectralNorm(): SpectralNorm;
  /** ‖W‖_F. One pass over W. */
  frobeniusNorm(): number;
  /** W·v for a matrix with `in` rows. 2·out·in·k operations. */
  timesInputs(v: Matrix): Matrix;
  /** Wᵀ·u for a matrix with `out` rows. 2·out·in·k operations. */
  timesOutputs(u: Matrix): Matrix;
}

/** The base weight of an update, from its values (out × in·k·k, f32 or f64; not copied). */
export function baseWeight(w: Matrix, options: BaseWeightOptions = {}): BaseWeight {
  const { tolerance = 1e-8, seed = 0, engine } = options;
  return {
    out: w.rows,
    in: w.cols,
    spectralNorm: rememberOne(() => spectralNorm(matrixMap(w, { engine }), { tolerance, seed, engine })),
    frobeniusNorm: rememberOne(() => frobeniusNorm(w)),
    timesInputs: rememberEach((v) => multiply(w, v, { engine })),
    timesOutputs: rememberEach((u) => multiply(w, u, { transA: true, engine })),
  };
}
