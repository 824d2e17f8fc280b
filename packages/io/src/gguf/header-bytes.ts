import { LoraError } from "@lora/tensor";
import type { GgufScalar, GgufValue } from "./gguf-value.ts";
import type { ValueType } from "./value-types.ts";
import { VALUE_BYTES, VALUE_TYPES } from "./value-types.ts";

/** Integer types: the least value, and the first that is too large. */
const RANGES: Readonly<Partial<Record<ValueType, readonly [least: bigint, below: bigint]>>> = {
  u8: [0n, 2n ** 8n],
  i8: [-(2n ** 7n), 2n ** 7n],
  u16: [0n, 2n ** 16n],
  i16: [-(2n ** 15n), 2n ** 15n],
  u32: [0n, 2n ** 32n],
  i32: [-(2n ** 31n), 2n ** 31n],
  u64: [0n, 2n ** 64n],
  i64: [-(2n ** 63n), 2n ** 63n],
};

/** The header of a GGUF file as it grows: little-endian, lengths in 8 bytes. */
export class HeaderBytes {
  readonly #parts: Uint8Array[] = [];
  length = 0;

  bytes(bytes: Uint8Array): void {
    this.#parts.push(bytes);
    this.length += bytes.length;
  }

  u32(value: number): void {
    this.#scalar("u32", value);
  }

  u64(value: number): void {
    this.#scalar("u64", BigInt(value));
  }

  text(text: string): void {
    const bytes = new TextEncoder().encode(text);
    this.u64(bytes.length);
    this.bytes(bytes);
  }

  /** The number of a value's type, and the value. */
  value(value: GgufValue): void {
    this.u32(VALUE_TYPES.indexOf(value.type));
    if (value.type !== "array") {
      this.#scalar(value.type, value.value);
      return;
    }
    this.u32(VALUE_TYPES.indexOf(value.of));
    this.u64(value.values.length);
    for (const item of value.values) this.#scalar(value.of, item);
  }

  /** All of it, with zeros up to a multiple of `alignment`. */
  finish(alignment: number): Uint8Array {
    const whole = new Uint8Array(Math.ceil(this.length / alignment) * alignment);
    let at = 0;
    for (const part of this.#parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }

  #scalar(type: Exclude<ValueType, "array">, value: GgufScalar): void {
    if (type === "string") this.text(String(value));
    else this.bytes(scalarBytes(type, value));
  }
}

function scalarBytes(type: keyof typeof VALUE_BYTES, value: GgufScalar): Uint8Array {
  const bytes = new Uint8Array(VALUE_BYTES[type]);
  const view = new DataView(bytes.buffer);
  if (type === "f32") view.setFloat32(0, Number(value), true);
  else if (type === "f64") view.setFloat64(0, Number(value), true);
  else if (type === "bool") bytes[0] = Number(value);
  else {
    let rest = wholeNumber(type, value);
    for (let i = 0; i < bytes.length; i += 1, rest >>= 8n) bytes[i] = Number(rest & 0xffn);
  }
  return bytes;
}

function wholeNumber(type: ValueType, value: GgufScalar): bigint {
  const [least, below] = RANGES[type]!;
  if (typeof value === "bigint" || Number.isInteger(value)) {
    const whole = BigInt(value);
    if (whole >= least && whole < below) return whole;
  }
  throw new LoraError("NUMERIC", `${value} is no value of the type ${type}`, { type });
}
