import { LoraError } from "@lora/tensor";
import type { Budget } from "../memory-budget.ts";
import { memoryBudget, spend } from "../memory-budget.ts";
import type { Cursor } from "../parse/cursor.ts";
import { readValueText } from "./read-value.ts";
import { readValueType } from "./value-types.ts";

/** How lengths are stored: in 4 bytes in version 1, in 8 since. */
export interface Lengths {
  count(cursor: Cursor): number;
  text(cursor: Cursor): string;
}

/** A tensor as the header describes it; `from` counts from the start of the data. */
export interface TensorInfo {
  readonly name: string;
  /** Innermost first. */
  readonly sizes: readonly number[];
  readonly type: number;
  readonly from: number;
}

/** What stands in front of the data of a GGUF file. */
export interface GgufHeader {
  readonly bigEndian: boolean;
  readonly metadata: ReadonlyMap<string, string>;
  readonly infos: readonly TensorInfo[];
  readonly dataStart: number;
  readonly alignment: number;
}

export const MAGIC: readonly number[] = [0x47, 0x47, 0x55, 0x46];
export const DEFAULT_ALIGNMENT = 32;
export const ALIGNMENT_KEY = "general.alignment";
/** ggml's GGML_MAX_DIMS. */
export const MOST_AXES = 4;
const LATEST_VERSION = 3;

/** Whether a file begins with the magic bytes. */
export function looksLikeGguf(head: Uint8Array): boolean {
  return MAGIC.every((byte, at) => head[at] === byte);
}

/**
 * Reads the header of versions 1 to 3, in either order of bytes: metadata, then what tells of the tensors.
 *
 * @throws LoraError FORMAT when it is broken, or names a key or a tensor twice; UNSUPPORTED for a later version
 * @see https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 */
export function readGgufHeader(cursor: Cursor): GgufHeader {
  if (!looksLikeGguf(cursor.take(MAGIC.length))) {
    throw new LoraError("FORMAT", "the file does not begin with GGUF");
  }
  const lengths = lengthsOf(readVersion(cursor));
  const [tensors, keys] = [lengths.count(cursor), lengths.count(cursor)];
  const budget = memoryBudget(cursor.available);
  const metadata = readMetadata(cursor, keys, lengths, budget);
  const infos = readInfos(cursor, tensors, lengths, budget);
  const alignment = alignmentOf(metadata);
  const dataStart = Math.ceil(cursor.position / alignment) * alignment;
  return { bigEndian: !cursor.littleEndian, metadata, infos, dataStart, alignment };
}

/** What a key takes in memory besides its letters, and a tensor in all, its place among the others included. */
const KEY_BYTES = 192;
const TENSOR_BYTES = 1024;

function readMetadata(cursor: Cursor, count: number, lengths: Lengths, budget: Budget): Map<string, string> {
  const metadata = new Map<string, string>();
  for (let i = 0; i < count; i += 1) {
    const key = lengths.text(cursor);
    if (metadata.has(key)) throw new LoraError("FORMAT", `the metadata has the key "${key}" twice`, { key });
    const text = readValueText(cursor, readValueType(cursor), lengths);
    spend(budget, KEY_BYTES + key.length + text.length, "the metadata");
    metadata.set(key, text);
  }
  return metadata;
}

/** A version whose lower half is zero is one with its bytes the other way around. */
function readVersion(cursor: Cursor): number {
  const stored = cursor.u32();
  cursor.littleEndian = (stored & 0xffff) !== 0;
  const version = cursor.littleEndian ? stored : ((stored >>> 24) | ((stored >>> 8) & 0xff00)) >>> 0;
  if (version >= 1 && version <= LATEST_VERSION) return version;
  throw new LoraError(
    "UNSUPPORTED",
    `the file has version ${version} of GGUF, and 1 to ${LATEST_VERSION} are read`,
  );
}

function lengthsOf(version: number): Lengths {
  const count = (cursor: Cursor): number => (version === 1 ? cursor.u32() : cursor.u64());
  return { count, text: (cursor) => cursor.text(count(cursor)) };
}

function readInfos(cursor: Cursor, count: number, lengths: Lengths, budget: Budget): TensorInfo[] {
  const infos: TensorInfo[] = [];
  const names = new Set<string>();
  for (let i = 0; i < count; i += 1) {
    spend(budget, TENSOR_BYTES, "the tensors of the header");
    const name = lengths.text(cursor);
    if (names.has(name)) throw new LoraError("FORMAT", `two tensors are called ${name}`, { tensor: name });
    names.add(name);
    const axes = cursor.u32();
    if (axes > MOST_AXES) {
      throw new LoraError("FORMAT", `the tensor has ${axes} axes, and ggml knows ${MOST_AXES}`, {
        tensor: name,
      });
    }
    const sizes = Array.from({ length: axes }, () => lengths.count(cursor));
    infos.push({ name, sizes, type: cursor.u32(), from: cursor.u64() });
  }
  return infos;
}

function alignmentOf(metadata: ReadonlyMap<string, string>): number {
  const alignment = Number(metadata.get(ALIGNMENT_KEY) ?? DEFAULT_ALIGNMENT);
  if (alignment >= 1 && alignment <= 2 ** 31 && Number.isInteger(Math.log2(alignment))) return alignment;
  throw new LoraError("FORMAT", `${ALIGNMENT_KEY} is ${metadata.get(ALIGNMENT_KEY)}: it takes a power of 2`);
}
