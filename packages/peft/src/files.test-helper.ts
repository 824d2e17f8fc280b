import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { DType, LazyTensor, Shape, TensorFile } from "@lora/tensor";
import {
  byteCount,
  elementCount,
  encode,
  LoraError,
  rowBytes,
  tensorFile,
  tensorOfValues,
} from "@lora/tensor";

/** Where the real files lie, when they do. */
const DATA = resolve(import.meta.dirname, "../../..", process.env["LORA_DATA"] ?? "../shared/data");

export const hasData: boolean = existsSync(DATA);

/** A key list of ../shared/data/keys: shapes, or pairs of a dtype and a shape, by name. */
export function keyList(path: string): Record<string, Shape | readonly [string, Shape]> {
  return JSON.parse(readFileSync(resolve(DATA, "keys", path), "utf8")) as ReturnType<typeof keyList>;
}

/** Any text of ../shared/data. */
export function dataText(path: string): string {
  return readFileSync(resolve(DATA, path), "utf8");
}

/** Any JSON of ../shared/data. */
export function dataJson<T>(path: string): T {
  return JSON.parse(dataText(path)) as T;
}

/** Every file of a folder of ../shared/data. */
export function folderTexts(path: string): string[] {
  return readdirSync(resolve(DATA, path)).map((name) => readFileSync(resolve(DATA, path, name), "utf8"));
}

export interface Texts {
  readonly metadata?: Readonly<Record<string, string>>;
  readonly sidecars?: Readonly<Record<string, string>>;
  readonly alpha?: number;
}

/** A file of these names and shapes in f32: alphas as given (4 when left out), everything else seeded small numbers. */
export function fileOf(
  shapes: Readonly<Record<string, Shape | readonly [string, Shape]>>,
  texts: Texts = {},
): TensorFile {
  const tensors = Object.entries(shapes).map(([name, entry], index) => {
    const shape = typeof entry[0] === "string" ? (entry[1] as Shape) : (entry as Shape);
    const alpha = name.endsWith("alpha") ? (texts.alpha ?? 4) : undefined;
    return [
      name,
      alpha === undefined
        ? seededTensor("f32", shape, index)
        : tensorOfValues(new Array<number>(elementCount(shape)).fill(alpha), "f32", shape),
    ] as const;
  });
  return tensorFile({
    name: "test.safetensors",
    tensors,
    metadata: Object.entries(texts.metadata ?? {}),
    sidecars: Object.entries(texts.sidecars ?? {}),
  });
}

/** A tensor whose values are drawn when it is read, so that whole models cost nothing. */
function seededTensor(dtype: DType, shape: Shape, seed: number): LazyTensor {
  const byteLength = byteCount({ dtype, shape });
  return {
    dtype,
    shape,
    byteLength,
    async bytes(rows) {
      const values = Float64Array.from({ length: elementCount(shape) }, (_, index) => noise(seed, index));
      return encode(values, dtype).slice(...rowBytes({ dtype, shape, byteLength }, rows));
    },
  };
}

/** A number in [−1, 1) that depends on both integers. */
function noise(seed: number, index: number): number {
  let hash = Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash ^= hash >>> 12;
  return (hash | 0) / 2 ** 31;
}

/** The `LoraError` that `work` throws or rejects with. */
export async function failure(work: () => unknown): Promise<LoraError> {
  try {
    await work();
  } catch (error) {
    if (error instanceof LoraError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}
