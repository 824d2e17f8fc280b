import type { AdapterModule, PlannedModule } from "@lora/peft";
import { type DType, locate, LoraError, readValues } from "@lora/tensor";

/** Magnitudes as they are written. */
export interface ReadMagnitudes {
  readonly values: Float64Array;
  readonly dtype: DType;
}

/** Types that a magnitude keeps; others become f32. */
const KEPT: readonly DType[] = ["f16", "bf16", "f32", "f64"];

/**
 * The magnitudes of DoRA that a new module has, in the order of its outputs, or inputs.
 *
 * @throws LoraError NUMERIC when one is not finite; what reading throws
 */
export async function readMagnitudes(
  { magnitudes, shape }: PlannedModule,
  { file, signal }: { readonly file: string; readonly signal: AbortSignal | undefined },
): Promise<ReadMagnitudes | undefined> {
  if (magnitudes === undefined) return undefined;
  const { axis, parts } = magnitudes;
  const values = new Float64Array(shape[axis === "out" ? 0 : 1]!);
  for (const { magnitude, rows, at } of parts) {
    const stored = await finiteMagnitudes(magnitude, file, signal);
    if (rows === undefined) values.set(stored);
    else rows.forEach((row, index) => (values[at + index] = stored[row]!));
  }
  const types = new Set(parts.map(({ magnitude }) => magnitude.tensor.dtype));
  const [only] = types;
  return { values, dtype: types.size === 1 && KEPT.includes(only!) ? only! : "f32" };
}

/** The values of a magnitude. */
export async function finiteMagnitudes(
  { name, tensor }: NonNullable<AdapterModule["magnitude"]>,
  file: string,
  signal: AbortSignal | undefined,
): Promise<Float64Array> {
  const data = await locate({ file, tensor: name }, () => readValues(tensor, { as: "f64", signal }));
  const at = data.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return data;
  throw new LoraError("NUMERIC", `magnitude ${at} is ${data[at]}`, { file, tensor: name, index: at });
}
