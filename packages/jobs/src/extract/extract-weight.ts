import {
  type Engine,
  frobeniusNorm,
  type Matrix,
  maxAbs,
  scaledColumns,
  strided,
  type Svd,
  transpose,
  columns,
} from "@lora/linalg";
import { decode, type DType, LoraError } from "@lora/tensor";
import type { PoolTask } from "../pool/worker-pool.ts";
import { rounded } from "../resize/rounding.ts";
import { type KeptRank, leadingPairs } from "./leading-pairs.ts";

/** A weight before and after training. */
export interface WeightPair {
  readonly base: Uint8Array;
  readonly tuned: Uint8Array;
  readonly baseType: DType;
  readonly tunedType: DType;
  readonly rows: number;
  readonly cols: number;
  readonly keep: KeptRank;
  /** Stored type of the factors. */
  readonly dtype: DType;
  readonly seed: number;
}

/** The difference of a pair as factors. */
export interface ExtractedFactors {
  /** rows × rank, as stored. */
  readonly left: Uint8Array;
  /** rank × cols, as stored. */
  readonly right: Uint8Array;
  readonly rank: number;
  /** Of the difference. */
  readonly frobenius: number;
  /** Of the weight before. */
  readonly baseFrobenius: number;
  /** Largest difference of a value. */
  readonly largest: number;
  /** ‖difference − left · right‖_F, of the values as stored. */
  readonly error: number;
}

/** Finds the leading singular pairs of a difference, rounds them, and measures what is left. */
export const extractWeight: PoolTask<WeightPair, ExtractedFactors> = {
  name: "extract",
  run(pair, engine) {
    const { difference, baseFrobenius } = differenceOf(pair);
    const frobenius = frobeniusNorm(difference);
    if (!Number.isFinite(frobenius)) {
      throw new LoraError("NUMERIC", "the difference of the weights holds NaN or infinity", {
        advice: "the training diverged or a file is damaged; use an earlier save",
      });
    }
    const facts = { frobenius, baseFrobenius, largest: maxAbs(difference) };
    const empty = new Uint8Array();
    if (frobenius === 0) return { ...facts, left: empty, right: empty, rank: 0, error: 0 };
    const pairs = leadingPairs({ difference, frobenius, keep: pair.keep, seed: pair.seed, engine });
    return { ...facts, ...storedFactors(difference, pairs, { dtype: pair.dtype, engine }) };
  },
};

function differenceOf({ base, tuned, baseType, tunedType, rows, cols }: WeightPair): {
  readonly difference: Matrix & { readonly data: Float32Array };
  readonly baseFrobenius: number;
} {
  const [before, data] = [new Float32Array(rows * cols), new Float32Array(rows * cols)];
  decode(base, baseType, before);
  decode(tuned, tunedType, data);
  const baseFrobenius = frobeniusNorm({ rows, cols, data: before });
  for (let i = 0; i < data.length; i++) data[i] = data[i]! - before[i]!;
  return { difference: { rows, cols, data }, baseFrobenius };
}

/** Factors of equal norm. The difference is used up for measuring. */
function storedFactors(
  difference: Matrix & { readonly data: Float32Array },
  { u, s, v }: Svd,
  { dtype, engine }: { readonly dtype: DType; readonly engine: Engine },
): Pick<ExtractedFactors, "left" | "right" | "rank" | "error"> {
  const kept = Array.from(s.keys());
  const roots = s.map(Math.sqrt);
  const left = rounded(scaledColumns(columns(u, kept), roots), dtype);
  const right = rounded(transpose(scaledColumns(columns(v, kept), roots)), dtype);
  const { buffer, byteOffset, byteLength } = difference.data;
  engine.addStored({
    bytes: new Uint8Array(buffer, byteOffset, byteLength),
    dtype: "f32",
    a: strided(left.values),
    b: strided(right.values),
    alpha: -1,
  });
  return { left: left.bytes, right: right.bytes, rank: kept.length, error: frobeniusNorm(difference) };
}
