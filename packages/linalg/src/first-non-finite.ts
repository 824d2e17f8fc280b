import type { Engine } from "./engine.ts";
import type { AnyMatrix, HalfMatrix, Matrix } from "./matrix.ts";

/** The bits of an exponent that only infinities and NaN have. */
const SPECIAL = { f16: 0x7c00, bf16: 0x7f80 } as const;

/** What carries from such an exponent into the sign, and the signs; of two values side by side. */
const CARRY = { f16: 0x0400_0400, bf16: 0x0080_0080 } as const;
const SIGNS = 0x8000_8000;

/**
 * Where the first NaN or infinity is, counted row by row; −1 where there is none. One pass over what is finite.
 *
 * @param engine looks faster, where one is at hand
 */
export function firstNonFinite(a: AnyMatrix, engine?: Pick<Engine, "allFinite">): number {
  if (engine === undefined ? allFinite(a) : engine.allFinite(a)) return -1;
  if ("dtype" in a) return firstSpecial(a);
  const { data } = a;
  for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i])) return i;
  return -1;
}

/** Whether no value is NaN or infinite: `Engine.allFinite` in plain TypeScript. */
export function allFinite(a: AnyMatrix): boolean {
  return "dtype" in a ? noneSpecial(a) : allNumbers(a.data);
}

function firstSpecial({ data, dtype }: HalfMatrix): number {
  const special = SPECIAL[dtype];
  for (let i = 0; i < data.length; i++) if ((data[i] & special) === special) return i;
  return -1;
}

/** Two values at a time. */
function noneSpecial(a: HalfMatrix): boolean {
  const { dtype, data } = a;
  const { buffer, byteOffset, length } = data;
  if (byteOffset % 4 !== 0) return firstSpecial(a) < 0;
  const pairs = new Uint32Array(buffer, byteOffset, length >> 1);
  const last = length % 2 === 0 ? 0 : new Uint16Array(buffer, byteOffset + 2 * (length - 1), 1)[0];
  const found = carried(pairs, SPECIAL[dtype] * 0x1_0001, CARRY[dtype]);
  return (found & SIGNS) === 0 && (last & SPECIAL[dtype]) !== SPECIAL[dtype];
}

/** All bits that are set where `carry` is added to the exponents of some pair. Nothing follows the loop: it would be compiled unseen. */
function carried(pairs: Uint32Array, exponents: number, carry: number): number {
  let found = 0;
  for (let i = 0; i < pairs.length; i++) found |= (pairs[i] & exponents) + carry;
  return found;
}

/** x − x is 0 for what is finite and NaN for what is not; four sums hide the latency of the addition. */
function allNumbers(data: Matrix["data"]): boolean {
  const even = data.length - (data.length % 4);
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let i = 0; i < even; i += 4) {
    a += data[i] - data[i];
    b += data[i + 1] - data[i + 1];
    c += data[i + 2] - data[i + 2];
    d += data[i + 3] - data[i + 3];
  }
  for (let i = even; i < data.length; i++) a += data[i] - data[i];
  return a + b + c + d === 0;
}
