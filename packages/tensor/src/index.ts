export { checkAborted } from "./aborted.ts";
export type { Backend, Map2Kind, Ops, ReduceKind } from "./backend.ts";
export type { Codec, Values } from "./codec/_codec.ts";
export { codecs } from "./codec/_index.ts";
export { canDecode, decode, encode } from "./decode.ts";
export { DTYPES } from "./dtypes.ts";
export type { ComputeDType, DType } from "./dtypes.ts";
export { editDistance } from "./edit-distance.ts";
export { LoraError, locate } from "./errors.ts";
export type { LoraErrorCode, LoraErrorDetails, LoraErrorFacts } from "./errors.ts";
export { tensorFile, tensorOfBytes, tensorOfValues } from "./memory-tensors.ts";
export type { TensorFileParts } from "./memory-tensors.ts";
export type { JobContext, Progress, Sha256 } from "./progress.ts";
export { readValues } from "./read-values.ts";
export type { ReadOptions } from "./read-values.ts";
export { byteCount, rowBytes } from "./row-bytes.ts";
export { elementCount, sameShape, shapeText } from "./shapes.ts";
export type { Shape } from "./shapes.ts";
export { signatures } from "./signatures.ts";
export type { Signature } from "./signatures.ts";
export type {
  FilePlace,
  FileTarget,
  LazyTensor,
  RowRange,
  Tensor,
  TensorFile,
  TensorSpec,
} from "./tensors.ts";
