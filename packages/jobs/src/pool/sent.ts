import type { FilePlace } from "@lora/tensor";

/** Bytes that a worker reads from a file by itself. */
export interface BytesInFile {
  readonly inFile: FilePlace;
  readonly length: number;
  /** The tensor they are of, for messages. */
  readonly tensor: string;
}

/** Plain data as it is sent to a worker: in place of bytes it may say where they are. */
export type Sent<T> = T extends Uint8Array
  ? T | BytesInFile
  : T extends ArrayBufferView
    ? T
    : T extends object
      ? { [K in keyof T]: Sent<T[K]> }
      : T;

/** Whether a value of sent data stands for bytes in a file. */
export function isInFile(value: object): value is BytesInFile {
  return "inFile" in value;
}
