import type { DType } from "@lora/tensor";
import { LoraError, decode } from "@lora/tensor";
import type { PickleValue } from "../pickle/values.ts";
import { swapBytes } from "../strided/swap-bytes.ts";
import { ofKind } from "./arguments.ts";

const TYPES: Readonly<Record<string, DType>> = {
  f8: "f64",
  f4: "f32",
  f2: "f16",
  i8: "i64",
  i4: "i32",
  i2: "i16",
  i1: "i8",
  u8: "u64",
  u4: "u32",
  u2: "u16",
  u1: "u8",
  b1: "bool",
};

/**
 * `numpy.core.multiarray.scalar(dtype, bytes)`: a loss or a step count of a checkpoint.
 *
 * @throws LoraError UNSUPPORTED when it is no number; FORMAT when its bytes are not those of one
 */
export function numpyScalar(args: readonly PickleValue[]): number {
  const { code, bigEndian } = ofKind(args[0], "numpy type");
  const dtype = Object.hasOwn(TYPES, code) ? TYPES[code] : undefined;
  const bytes = args[1];
  if (dtype === undefined) throw new LoraError("UNSUPPORTED", `NumPy scalars of type ${code} are not read`);
  if (!(bytes instanceof Uint8Array)) throw new LoraError("FORMAT", "a NumPy scalar has no bytes");
  const out = new Float64Array(1);
  decode(bigEndian ? swapBytes(bytes.slice(), bytes.length) : bytes, dtype, out);
  return out[0]!;
}
