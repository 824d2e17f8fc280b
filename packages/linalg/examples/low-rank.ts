// A matrix of rank 2 says no more in its 100 numbers than in the 40 of two thin factors: what LoRA lives on.
// Run: node packages/linalg/examples/low-rank.ts      (built, and on Node 22.18 or later)
import type { Matrix } from "@lora/linalg";
import { columns, matrixRank, multiply, randomMatrix, stackColumns, svd, transpose } from "@lora/linalg";

/** A layer y = W·x + b with a 10 × 10 weight of rank 2, calculated with W and with its factors B·A. */
export function lowRankLayer(seed: number): LowRankLayer {
  const weight = multiply(randomMatrix(10, 2, seed), randomMatrix(2, 10, seed + 1));
  const [x, bias] = [randomMatrix(10, 1, seed + 2), randomMatrix(10, 1, seed + 3)];

  // W = u · diag(s) · vᵀ, where all but the first `rank` values are rounding errors.
  const rank = matrixRank(weight);
  const { u, s, v } = svd(weight);
  const kept = Array.from({ length: rank }, (_, index) => index);
  const b = columns(u, kept);
  for (let i = 0; i < b.data.length; i++) b.data[i] *= s[i % rank];
  const a = transpose(columns(v, kept));

  return {
    rank,
    numbers: { full: weight.data.length, factored: b.data.length + a.data.length },
    full: plus(multiply(weight, x), bias),
    factored: plus(multiply(b, multiply(a, x)), bias),
  };
}

/** What `lowRankLayer` found: the rank of W, how many numbers each form takes, and its output y. */
export interface LowRankLayer {
  readonly rank: number;
  readonly numbers: { readonly full: number; readonly factored: number };
  readonly full: Matrix;
  readonly factored: Matrix;
}

/** a + b, as [a b] · (1, 1)ᵀ */
function plus(a: Matrix, b: Matrix): Matrix {
  return multiply(stackColumns([a, b]), { rows: 2, cols: 1, data: Float64Array.of(1, 1) });
}

if (process.argv[1] === import.meta.filename) {
  const { rank, numbers, full, factored } = lowRankLayer(1);
  const text = ({ data }: Matrix): string => Array.from(data, (value) => value.toFixed(3)).join("  ");
  console.log(`W is 10 × 10 and has rank ${rank}: ${numbers.full} numbers against ${numbers.factored}`);
  console.log(`W·x + b      ${text(full)}`);
  console.log(`B·(A·x) + b  ${text(factored)}`);
}
