import type { DType } from "@lora/tensor";
import { DTYPES } from "@lora/tensor";

/** How ggml stores the elements of a tensor: so many of them in a block of so many bytes. */
export interface TensorType {
  readonly id: number;
  readonly name: string;
  readonly block: number;
  readonly bytes: number;
  /** Opaque where this toolkit does not read it. */
  readonly dtype: DType;
}

/** Every type of tensors in files, by the numbers of ggml's `enum ggml_type`; those that are gone are not there. */
export const TENSOR_TYPES: readonly TensorType[] = [
  row(0, "f32", 1, 4),
  row(1, "f16", 1, 2),
  row(2, "q4_0", 32, 18),
  row(3, "q4_1", 32, 20),
  row(6, "q5_0", 32, 22),
  row(7, "q5_1", 32, 24),
  row(8, "q8_0", 32, 34),
  row(10, "q2_k", 256, 84),
  row(11, "q3_k", 256, 110),
  row(12, "q4_k", 256, 144),
  row(13, "q5_k", 256, 176),
  row(14, "q6_k", 256, 210),
  row(16, "iq2_xxs", 256, 66),
  row(17, "iq2_xs", 256, 74),
  row(18, "iq3_xxs", 256, 98),
  row(19, "iq1_s", 256, 50),
  row(20, "iq4_nl", 32, 18),
  row(21, "iq3_s", 256, 110),
  row(22, "iq2_s", 256, 82),
  row(23, "iq4_xs", 256, 136),
  row(24, "i8", 1, 1),
  row(25, "i16", 1, 2),
  row(26, "i32", 1, 4),
  row(27, "i64", 1, 8),
  row(28, "f64", 1, 8),
  row(29, "iq1_m", 256, 56),
  row(30, "bf16", 1, 2),
  row(34, "tq1_0", 256, 54),
  row(35, "tq2_0", 256, 66),
  row(39, "mxfp4", 32, 17),
];

function row(id: number, name: string, block: number, bytes: number): TensorType {
  return { id, name, block, bytes, dtype: isDType(name) ? name : "opaque" };
}

/** The types of this toolkit have the names that ggml gives them. */
function isDType(name: string): name is DType {
  return Object.hasOwn(DTYPES, name);
}

/** What an opaque tensor says it is stored as. */
export function opaqueName({ name }: TensorType): string {
  return `ggml:${name}`;
}
