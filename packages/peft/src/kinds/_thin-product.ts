import type { AnyMatrix, EngineOptions } from "@lora/linalg";
import { identity, multiply } from "@lora/linalg";
import { LowRankDelta } from "../low-rank-delta.ts";

/** What a product calculates with, and what it is multiplied with. */
export interface ThinOptions extends EngineOptions {
  readonly scale?: number | undefined;
}

/** A matrix as a product with an identity on its shorter side: of inner size min(rows, cols). */
export function wholeDelta(whole: AnyMatrix, options: ThinOptions): LowRankDelta {
  return whole.rows <= whole.cols
    ? new LowRankDelta(identity(whole.rows), whole, options)
    : new LowRankDelta(whole, identity(whole.cols), options);
}

/** up · down, multiplied out where the inner size is above both outer ones: no inner size is larger than it must be. */
export function thinDelta(up: AnyMatrix, down: AnyMatrix, options: ThinOptions): LowRankDelta {
  if (up.cols <= Math.min(up.rows, down.cols)) return new LowRankDelta(up, down, options);
  return wholeDelta(multiply(up, down, { engine: options.engine }), options);
}
