import type { AnyMatrix } from "../matrix.ts";
import { STORED_BYTES, type StoredType } from "../stored-matrix.ts";
import { roundUp } from "./pack-panels.ts";
import type { Workplace } from "./workplace.ts";

/** Bytes looked at a time. */
const CHUNK = 65_536;

/** Bits of a value without its sign, and those of the largest finite one. */
const FINITE = {
  f32: [0x7fff_ffff, 0x7f7f_ffff],
  f16: [0x7fff, 0x7bff],
  bf16: [0x7fff, 0x7f7f],
} as const;

/** Stored values in the engine's memory, with room up to the next multiple of 16 bytes. */
interface Span {
  readonly at: number;
  readonly end: number;
  readonly dtype: StoredType;
}

/** Whether none of some stored values is NaN or infinite. Clears the room behind them. */
export function isFiniteBetween({ arena, kernels }: Workplace, { at, end, dtype }: Span): boolean {
  const [bits, last] = [8 * STORED_BYTES[dtype], roundUp(end, 16)];
  arena.bytes.fill(0, end, last);
  return kernels.functions[`has_special_${bits}`](at, last, ...FINITE[dtype]) === 0;
}

/** `Engine.allFinite` of what is not f64, by chunks that go through the engine's memory. */
export function allFiniteInMemory(place: Workplace, data: AnyMatrix["data"], dtype: StoredType): boolean {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const { arena } = place;
  return arena.scope(() => {
    const at = arena.allocate(Math.min(CHUNK, roundUp(bytes.length, 16)));
    for (let first = 0; first < bytes.length; first += CHUNK) {
      const some = bytes.subarray(first, first + CHUNK);
      arena.bytes.set(some, at);
      if (!isFiniteBetween(place, { at, end: at + some.length, dtype })) return false;
    }
    return true;
  });
}
