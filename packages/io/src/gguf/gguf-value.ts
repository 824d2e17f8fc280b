import type { ValueType } from "./value-types.ts";

type NumberType = "u8" | "i8" | "u16" | "i16" | "u32" | "i32" | "f32" | "f64";

/** A metadata value to be written, with its type. */
export type GgufValue =
  | { readonly type: NumberType; readonly value: number }
  | { readonly type: "u64" | "i64"; readonly value: bigint }
  | { readonly type: "bool"; readonly value: boolean }
  | { readonly type: "string"; readonly value: string }
  | {
      readonly type: "array";
      readonly of: Exclude<ValueType, "array">;
      readonly values: readonly GgufScalar[];
    };

/** An element of an array. */
export type GgufScalar = number | bigint | boolean | string;
