import { maxAbsolute } from "./ops/max-absolute.ts";
import type { Tridiagonal } from "./tridiagonalise.ts";

/** A tridiagonal matrix over a power of two, so that squares of its entries are in range. */
export interface UnitTridiagonal {
  readonly unit: number;
  /** Its diagonal over `unit`, entries up to 2. */
  readonly values: Float64Array;
  /** What is beside it, and a zero more. */
  readonly off: Float64Array;
}

/** A copy; what is not finite stays so. */
export function scaledToUnit({ diagonal, off }: Tridiagonal): UnitTridiagonal {
  const size = Math.max(maxAbsolute(diagonal), maxAbsolute(off));
  const unit = size > 0 && size < Infinity ? powerOfTwo(size) : 1;
  const longer = new Float64Array(diagonal.length);
  for (let i = 0; i < off.length; i++) longer[i] = off[i] / unit;
  return { unit, values: diagonal.map((value) => value / unit), off: longer };
}

/** The largest power of two that is no larger, or the next to it; exact, so that scaling rounds nothing but what is subnormal. */
function powerOfTwo(size: number): number {
  return 2 ** Math.max(-1021, Math.floor(Math.log2(size)));
}
