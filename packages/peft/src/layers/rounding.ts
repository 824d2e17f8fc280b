import type { Matrix } from "@lora/linalg";
import type { DType } from "@lora/tensor";
import { decode, encode } from "@lora/tensor";

/** The values as a type stores them: rounded to nearest, ties to even. `data` itself where it holds no others. */
export function roundedTo(data: Matrix["data"], dtype: DType): Matrix["data"] {
  if (dtype === "f64" || (dtype === "f32" && data instanceof Float32Array)) return data;
  const out = data.slice();
  decode(encode(data, dtype), dtype, out);
  return out;
}

/** Half the distance of two neighbours of a type, relative to them: 2⁻ᵖ with p digits. */
export function unitRoundoff(dtype: DType): number {
  if (dtype === "f64") return 2 ** -53;
  if (dtype === "f32") return 2 ** -24;
  if (dtype === "f16") return 2 ** -11;
  if (dtype === "bf16") return 2 ** -8;
  return dtype === "f8e5m2" || dtype === "f8e5m2fnuz" ? 2 ** -3 : 2 ** -4;
}
