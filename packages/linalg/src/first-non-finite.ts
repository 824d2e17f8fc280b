import type { AnyMatrix, HalfMatrix, Matrix } from "./matrix.ts";

/** The bits of an exponent that only infinities and NaN have. */
const SPECIAL = { f16: 0x7c00, bf16: 0x7f80 } as const;

/** What carries from such an exponent into the sign, and the signs; of two values side by side. */
const CARRY = { f16: 0x0400_0400, bf16: 0x0080_0080 } as const;
const SIGNS = 0x8000_8000;

/** Where the first NaN or infinity is, counted row by row; −1 where there is none. One pass over what is finite. */
export function firstNonFinite(a: AnyMatrix): number {
  if ("dtype" in a) return firstSpecial(a);
  const { data } = a;
  if (allFinite(data)) return -1;
  for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i])) return i;
  return -1;
}

function firstSpecial({ data, dtype }: HalfMatrix): number {
  if (noneSpecial(data, dtype)) return -1;
  const special = SPECIAL[dtype];
  for (let i = 0; i < data.length; i++) if ((data[i] & special) === special) return i;
  return -1;
}

/** Two values at a time; `false` where that cannot tell. */
function noneSpecial({ buffer, byteOffset, length }: Uint16Array, dtype: HalfMatrix["dtype"]): boolean {
  if (byteOffset % 4 !== 0) return false;
  const pairs = new Uint32Array(buffer, byteOffset, length >> 1);
  const last = length % 2 === 0 ? 0 : new Uint16Array(buffer, byteOffset + 2 * (length - 1), 1)[0];
  const found = carried(pairs, SPECIAL[dtype] * 0x1_0001, CARRY[dtype]);
  return (found & SIGNS) === 0 && (last & SPECIAL[dtype]) !== SPECIAL[dtype];
}

/** All bits that are set where `carry` is added to the exponents of some pair. */
function carried(pairs: Uint32Array, exponents: number, carry: number): number {
  const even = pairs.length - (pairs.length % 4);
  let found = 0;
  for (let i = 0; i < even; i += 4) {
    found |= (pairs[i] & exponents) + carry;
    found |= (pairs[i + 1] & exponents) + carry;
    found |= (pairs[i + 2] & exponents) + carry;
    found |= (pairs[i + 3] & exponents) + carry;
  }
  for (let i = even; i < pairs.length; i++) found |= (pairs[i] & exponents) + carry;
  return found;
}

/** x − x is 0 for what is finite and NaN for what is not; four sums hide the latency of the addition. */
function allFinite(data: Matrix["data"]): boolean {
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
