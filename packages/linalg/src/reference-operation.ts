import type { Shape, Tensor } from "@lora/tensor";
import { LoraError, shapeText } from "@lora/tensor";
import type { Matrix } from "./matrix.ts";

/** Where the reference backend keeps values. */
export type ReferenceStorage = Matrix["data"];

/** A tensor of the reference backend. */
export type Operand = Tensor<ReferenceStorage>;

/** One operation of the reference backend. */
export interface ReferenceOperation<Args> {
  /** Why these arguments are refused; `undefined` when they are not. */
  problem(args: Args): LoraError | undefined;
  run(args: Args): { readonly storage: ReferenceStorage; readonly shape: Shape };
}

export function matrixOf({ shape, storage }: Operand): Matrix {
  return { rows: shape[0], cols: shape[1], data: storage };
}

/** Values in the type of the tensor they were made from. */
export function storedLike(x: Operand, values: Float64Array): ReferenceStorage {
  return x.dtype === "f32" ? Float32Array.from(values) : values;
}

export function misfit(rule: string, ...operands: readonly Operand[]): LoraError {
  const shapes = operands.map(({ shape }) => shape);
  return new LoraError("SHAPE", `${rule}: ${shapes.map(shapeText).join(" and ")}`, { shapes });
}

/** Refuses f16, and operands of two types. */
export function typeProblem(op: string, ...operands: readonly Operand[]): LoraError | undefined {
  const dtypes = operands.map(({ dtype }) => dtype);
  if (dtypes.every((dtype) => dtype === dtypes[0] && dtype !== "f16")) return undefined;
  return new LoraError("UNSUPPORTED", `${op} calculates in f32 or f64, not in ${dtypes.join(" with ")}`, {
    dtypes,
  });
}

/** Refuses what is no matrix. */
export function matrixProblem(op: string, x: Operand): LoraError | undefined {
  return x.shape.length === 2 ? typeProblem(op, x) : misfit(`${op} takes a matrix`, x);
}
