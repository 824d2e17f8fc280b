import { readFileSync } from "node:fs";
import type { TensorFile } from "@lora/tensor";
import { expect } from "vitest";
import { openSource } from "./open-source.ts";
import { bytesSource } from "./sources/bytes-source.ts";

/** A file that a peer wrote, and what it says is in it: type, shape and dense little-endian bytes in base64. */
export interface Golden {
  readonly file: string;
  readonly tensors: Readonly<Record<string, readonly [dtype: string, shape: number[], bytes: string]>>;
  readonly metadata?: Readonly<Record<string, string>>;
}

export function readGoldens(path: string): [name: string, golden: Golden][] {
  return Object.entries(JSON.parse(readFileSync(path, "utf8")) as Record<string, Golden>);
}

export function goldenBytes({ file }: Golden): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(file, "base64"));
}

/** Opens it by its content alone, as `made.file`. */
export function openGolden(golden: Golden): Promise<TensorFile> {
  return openSource(bytesSource(goldenBytes(golden), "made.file"));
}

/** Every tensor is there, whole and by rows. */
export async function expectTensors(file: TensorFile, golden: Golden): Promise<void> {
  expect([...file.tensors.keys()].sort()).toEqual(Object.keys(golden.tensors).sort());
  for (const [name, [dtype, shape, stored]] of Object.entries(golden.tensors)) {
    const tensor = file.tensors.get(name)!;
    const bytes = new Uint8Array(Buffer.from(stored, "base64"));
    expect([name, tensor.storedAs ?? tensor.dtype, tensor.shape]).toEqual([name, dtype, shape]);
    expect([name, await tensor.bytes()]).toEqual([name, bytes]);
    const [rows = 0] = shape;
    if (rows < 2 || tensor.dtype === "opaque") continue;
    const size = bytes.length / rows;
    expect([name, await tensor.bytes([1, rows])]).toEqual([name, bytes.subarray(size)]);
    expect(await tensor.bytes([1, 1])).toEqual(new Uint8Array());
  }
}
