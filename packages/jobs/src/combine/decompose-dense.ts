import { columns, dot, type Engine, type Matrix, type Svd, svd, svdLowRank } from "@lora/linalg";
import { chooseRank, type RankLimits } from "./choose-rank.ts";

/** Directions tried besides those wanted: spectra of merged entries fall slowly. */
const OVERSAMPLING = 16;

/** How a matrix is decomposed. */
export interface DecomposeOptions {
  readonly limits: RankLimits;
  readonly seed: number;
  readonly engine: Engine;
}

/**
 * As many leading singular pairs of a dense matrix as its limits ask for. Randomised, and twice as many pairs at a time
 * until the error is met; all of them where that is little more.
 */
export function decomposeDense(matrix: Matrix, { limits, seed, engine }: DecomposeOptions): Svd {
  const energy = dot(matrix, matrix);
  const smaller = Math.min(matrix.rows, matrix.cols);
  const first = limits.error === 0 ? limits.most : Math.min(limits.most, FIRST_WIDTH);
  for (let width = first; ; width = Math.min(limits.most, 2 * width)) {
    const all = width + OVERSAMPLING >= smaller / 2;
    const found = all
      ? svd(matrix, { engine })
      : svdLowRank(matrix, { rank: width, oversampling: OVERSAMPLING, seed, as: "f32", engine });
    const rank = chooseRank(found.s, energy, limits);
    if (all || width === limits.most || rank < found.s.length) return leading(found, rank);
  }
}

/** Pairs that are looked for first where there is only an error to go by. */
const FIRST_WIDTH = 64;

function leading({ u, s, v }: Svd, rank: number): Svd {
  const kept = Array.from({ length: rank }, (_, i) => i);
  return { u: columns(u, kept), s: s.slice(0, rank), v: columns(v, kept) };
}
