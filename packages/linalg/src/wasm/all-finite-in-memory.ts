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

/** Stored values in the engine's memory; `end` is a multiple of 16 behind `at`. */
interface Span {
  readonly at: number;
  readonly end: number;
  readonly dtype: StoredType;
}

/** Whether none of some stored values is NaN or infinite. */
export function isFiniteBetween({ kernels }: Workplace, { at, end, dtype }: Span): boolean {
  const bits = 8 * STORED_BYTES[dtype];
  return kernels.functions[`has_special_${bits}`](at, end, ...FINITE[dtype]) === 0;
}

/** `Engine.allFinite` of what is not f64, by chunks that go through the engine's memory. */
export function allFiniteInMemory(place: Workplace, data: AnyMatrix["data"], dtype: StoredType): boolean {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const { arena } = place;
  return arena.scope(() => {
    const at = arena.allocate(Math.min(CHUNK, roundUp(bytes.length, 16)));
    for (let first = 0; first < bytes.length; first += CHUNK) {
      const some = bytes.subarray(first, first + CHUNK);
      const end = at + roundUp(some.length, 16);
      arena.bytes.set(some, at);
      arena.bytes.fill(0, at + some.length, end);
      if (!isFiniteBetween(place, { at, end, dtype })) return false;
    }
    return true;
  });
}
