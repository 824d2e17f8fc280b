import type { Code, Local } from "../assembler/instructions.ts";
import { get, op, set } from "../assembler/instructions.ts";

/** How a 128-bit vector is divided. */
export interface Lanes {
  readonly id: "f32" | "f64";
  readonly count: number;
  readonly bytes: number;
  readonly load: "f32.load" | "f64.load";
  readonly store: "f32.store" | "f64.store";
  readonly loadSplat: "v128.load32_splat" | "v128.load64_splat";
  readonly add: "f32x4.add" | "f64x2.add";
  readonly mul: "f32x4.mul" | "f64x2.mul";
  readonly madd: "f32x4.relaxed_madd" | "f64x2.relaxed_madd";
}

export const f32Lanes: Lanes = {
  id: "f32",
  count: 4,
  bytes: 4,
  load: "f32.load",
  store: "f32.store",
  loadSplat: "v128.load32_splat",
  add: "f32x4.add",
  mul: "f32x4.mul",
  madd: "f32x4.relaxed_madd",
};

export const f64Lanes: Lanes = {
  id: "f64",
  count: 2,
  bytes: 8,
  load: "f64.load",
  store: "f64.store",
  loadSplat: "v128.load64_splat",
  add: "f64x2.add",
  mul: "f64x2.mul",
  madd: "f64x2.relaxed_madd",
};

/** Which lanes, and whether a product is added without being rounded first. */
export interface Arithmetic {
  readonly lanes: Lanes;
  readonly fused: boolean;
}

/** sum ← sum + x · y */
export function multiplyAdd({ lanes, fused }: Arithmetic, sum: Local, x: Local, y: Local): Code {
  if (fused) return set(sum, op(lanes.madd, get(x), get(y), get(sum)));
  return set(sum, op(lanes.add, get(sum), op(lanes.mul, get(x), get(y))));
}
