import type { Backend } from "./backend.ts";
import type { ComputeDType, DType } from "./dtypes.ts";
import type { Shape } from "./shapes.ts";

/** What is known of a tensor without its values: plain data, postable to workers. */
export interface TensorSpec {
  readonly dtype: DType;
  /** Outermost first, dense row-major; `[]` is a scalar. */
  readonly shape: Shape;
}

/** Rows of a tensor along its first axis: `from` inclusive, `to` exclusive. */
export type RowRange = readonly [from: number, to: number];

/** Where bytes lie in a file that this process holds open, for another thread of it to read. */
export interface FilePlace {
  /** What to call the file in messages. */
  readonly path: string;
  /** The number under which the system has it open. */
  readonly descriptor: number;
  readonly position: number;
}

/** Where bytes go in a file that is being written. */
export interface FileTarget {
  readonly path: string;
  readonly position: number;
}

/** A tensor whose values are still elsewhere: in a file, behind a URL, or not yet computed. */
export interface LazyTensor extends TensorSpec {
  /** Bytes of all values; for dtype `opaque` the only size that is known. */
  readonly byteLength: number;
  /** The name a file gives to a dtype that is `opaque` here. */
  readonly storedAs?: string;
  /**
   * The values as stored: little-endian, dense, in `dtype`. Repeatable. Costs one read of exactly these bytes.
   *
   * @param rows a part along the first axis; a scalar or an `opaque` tensor is only to be had whole
   * @param into memory that the caller gives away for it, used where it can be: fresh memory costs as much as copying.
   *   The values then lie at the start of its buffer, or of one of that length which took its place.
   */
  bytes(rows?: RowRange, signal?: AbortSignal, into?: Uint8Array): Promise<Uint8Array>;
  /** Where the values lie, where they are in an open file, dense and as stored. */
  readonly place?: FilePlace | undefined;
  /** Writes rows to a file without bringing them here, where that can be: what `bytes` would give. It ends when nothing writes any more. */
  readonly writeTo?:
    | ((rows: RowRange, target: FileTarget, signal: AbortSignal | undefined) => Promise<void>)
    | undefined;
}

/** A checkpoint: named tensors and string metadata, in the order of the file. */
export interface TensorFile {
  /** What to call it in messages: a path, a URL, a file name. */
  readonly name: string;
  /** The format it was read from, e.g. `safetensors`; absent when it was made in memory. */
  readonly format?: string;
  /** Bytes of the whole file (all shards), when it was read from one. */
  readonly byteLength?: number;
  readonly tensors: ReadonlyMap<string, LazyTensor>;
  readonly metadata: ReadonlyMap<string, string>;
  /** Of a model in several files: which of them holds which tensor, by plain file name. */
  readonly shards?: ReadonlyMap<string, string>;
  /** Small text files that belong to it, by file name, e.g. `adapter_config.json`. */
  readonly sidecars: ReadonlyMap<string, string>;
}

/** Values in one backend's memory. `S` keeps the tensors of different backends apart at compile time. */
export interface Tensor<S = unknown> {
  readonly dtype: ComputeDType;
  readonly shape: Shape;
  readonly backend: Backend<S>;
  readonly storage: S;
  /** Gives the memory back; the tensor must not be used afterwards. */
  dispose(): void;
}
