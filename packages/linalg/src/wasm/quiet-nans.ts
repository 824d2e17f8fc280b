import type { StoredType } from "../stored-matrix.ts";
import { roundUp } from "./pack-panels.ts";
import type { Workplace } from "./workplace.ts";

/** Bits of infinity and of the NaN that is written for every other. */
const SIXTEEN_BITS = { f16: [0x7c00, 0x7e00], bf16: [0x7f80, 0x7fc0] } as const;

/** Stored values from `from` on that are NaN become the NaN that `encode` writes: kernels leave any. f32 keeps its own. */
export function quietStored({ arena }: Workplace, dtype: StoredType, from: number, bytes: number): void {
  if (dtype === "f32") return;
  const [infinite, quiet] = SIXTEEN_BITS[dtype];
  const values = arena.halves.subarray(from / 2, (from + bytes) / 2);
  for (let i = 0; i < values.length; i++) if ((values[i] & 0x7fff) > infinite) values[i] = quiet;
}

/** NaNs of f32 lose their digits, which rounding would carry into the sign. */
export function quietSingles({ arena, kernels }: Workplace, from: number, end: number): void {
  if (kernels.functions["has_special_32"](from, roundUp(end, 16), 0x7fff_ffff, 0x7f7f_ffff) === 0) return;
  const values = new Uint32Array(arena.memory.buffer, from, (end - from) / 4);
  for (let i = 0; i < values.length; i++)
    if ((values[i] & 0x7fff_ffff) > 0x7f80_0000) values[i] = 0x7fc0_0000;
}
