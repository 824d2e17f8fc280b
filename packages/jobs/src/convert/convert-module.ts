import { type Engine, pairsOf } from "@lora/linalg";
import { LowRankDelta } from "@lora/peft";
import type { DType } from "@lora/tensor";
import { norm } from "../arithmetic.ts";
import type { PoolTask } from "../pool/worker-pool.ts";
import { balancedFactors } from "../resize/keep.ts";
import { rounded } from "../resize/rounding.ts";
import { fitToType } from "./fit-to-type.ts";
import {
  joinedFactors,
  type LoadedSlot,
  onlyUpdate,
  type ScaledFactors,
  withScale,
} from "./joined-factors.ts";
import { type PostedUpdate, updateOf } from "./posted-update.ts";
import { joinedWhole, leadingFactors } from "./whole-update.ts";

/** Rows of a posted module. */
export interface PostedSlot {
  /** Index of the module among those posted. */
  readonly module: number;
  readonly rows: Int32Array;
  readonly at: number;
}

/** What may be left out of an update. */
export interface KeptPart {
  /** At most so many pairs. */
  readonly rank?: number | undefined;
  /** As few pairs as leave this relative error. */
  readonly error?: number | undefined;
}

/** What a reader of the new file will multiply with: as the update has it, one number, or one alpha by the rank. */
export type WantedScale =
  | { readonly kind: "own" }
  | { readonly kind: "scale"; readonly value: number }
  | { readonly kind: "alpha"; readonly value: number };

/** A module that is to be written in another dialect. */
export interface ConvertModuleInput {
  readonly modules: readonly PostedUpdate[];
  readonly slots: readonly PostedSlot[];
  /** Rows of the new update. */
  readonly out: number;
  readonly keep: KeptPart;
  readonly scale: WantedScale;
  readonly dtype: DType;
}

/** A module as it is stored, and what was done to it. */
export interface ConvertedModule {
  readonly up: Uint8Array;
  readonly down: Uint8Array;
  readonly rank: number;
  readonly scale: number;
  /** Pairs before any were left out. */
  readonly exactRank: number;
  /** Whether its slots came with different downs. */
  readonly sharesDown: boolean;
  /** What the factors were multiplied with, because the new file has another scale. */
  readonly folded: number;
  /** Power of two by which up was multiplied and down divided, to fit f16. */
  readonly exponent: number;
  /** Norm of what was left out, relative to the update. */
  readonly leftOut: number;
}

/** Singular values below this share of the largest are rounding of what they were calculated from. */
const NOISE = 2 ** -22;

/** Puts an update together, reduces it where that is asked for or loses nothing, and stores it. */
export const convertModule: PoolTask<ConvertModuleInput, ConvertedModule> = {
  name: "convert",
  async run({ modules, slots, out, keep, scale, dtype }, engine) {
    const deltas = await Promise.all(modules.map((posted) => updateOf(posted, engine)));
    const loaded = slots.map(({ module, rows, at }) => ({ delta: deltas[module]!, rows, at }));
    const isPlain = modules.every(({ module: { header } }) => header.kind === "lora");
    const reduced = reduce(loaded, { out, keep, isPlain, engine });
    const { factors } = reduced;
    const rank = factors.up.cols;
    const wanted = wantedScale(scale, factors.scale, rank);
    const fitted = fitToType(withScale(factors, wanted), dtype);
    return {
      up: rounded(fitted.up, dtype).bytes,
      down: rounded(fitted.down, dtype).bytes,
      rank,
      scale: wanted,
      exactRank: reduced.exactRank,
      sharesDown: reduced.downs === 1,
      folded: factors.scale / wanted,
      exponent: fitted.exponent,
      leftOut: reduced.leftOut,
    };
  },
};

function wantedScale(scale: WantedScale, own: number, rank: number): number {
  if (scale.kind === "own") return own;
  return scale.kind === "scale" ? scale.value : scale.value / rank;
}

interface Reducing {
  /** Rows of the new update. */
  readonly out: number;
  readonly keep: KeptPart;
  /** All of its modules were pairs. */
  readonly isPlain: boolean;
  readonly engine: Engine;
}

interface Reduced {
  readonly factors: ScaledFactors;
  readonly exactRank: number;
  readonly downs: number;
  readonly leftOut: number;
}

/** Fewer pairs where that is asked for, where there are more than the shape allows, or where most of them may be nothing. */
function reduce(loaded: readonly LoadedSlot[], { out, keep, isPlain, engine }: Reducing): Reduced {
  const whole = joinedWhole(loaded, out, engine);
  if (whole !== undefined) {
    const exactRank = Math.min(whole.rows, whole.cols);
    return { ...leadingFactors(whole, keep, engine), exactRank, downs: loaded.length };
  }
  const { downs, ...factors } = joinedFactors(loaded, out);
  const { up, down, scale } = factors;
  const exact = { exactRank: up.cols, downs };
  const most = Math.min(up.rows, down.cols);
  const mayStay =
    isPlain && up.cols <= most && keep.error === undefined && up.cols <= (keep.rank ?? Infinity);
  if (mayStay) return { ...exact, factors, leftOut: 0 };
  // Its kind may know its spectrum without its factors.
  const spectrum = (onlyUpdate(loaded, out) ?? new LowRankDelta(up, down, { scale, engine })).spectrum();
  const count = pairsToKeep(spectrum.s, keep);
  if (count === up.cols) return { ...exact, factors, leftOut: 0 };
  const kept = Array.from({ length: count }, (_, index) => index);
  const pairs = pairsOf(spectrum, kept, { engine });
  const pair = balancedFactors({ up, down, scale }, pairs, { gain: 1 / Math.abs(scale), engine });
  const size = norm(spectrum.s);
  const leftOut = size === 0 ? 0 : norm(spectrum.s.subarray(count)) / size;
  return { ...exact, factors: { ...pair, scale }, leftOut };
}

/** At least one: many readers miss a module that is not there. */
function pairsToKeep(s: Float64Array, { rank, error = 0 }: KeptPart): number {
  const least = NOISE * (s[0] ?? 0);
  const allowed = error * norm(s);
  let count = s.findIndex((value) => value <= least);
  if (count === -1) count = s.length;
  while (count > 1 && norm(s.subarray(count - 1)) <= allowed) count -= 1;
  return Math.max(1, Math.min(count, rank ?? Infinity));
}
