import type { TensorFile } from "@lora/tensor";
import { LoraError } from "@lora/tensor";
import type { Format } from "../formats/_format.ts";
import type { ByteSource } from "../sources/byte-source.ts";
import { mutated, seededRandom } from "./mutate.test-helper.ts";

/** What became of many damaged files. */
export interface FuzzReport {
  readonly cases: number;
  opened: number;
  refused: number;
  /** Most bytes that opening asked of a source, as a multiple of its size. */
  mostRead: number;
  /** Most memory that one case added, beyond four times its size. */
  mostExcessBytes: number;
  slowestMilliseconds: number;
  /** The first cases that did what no file may make a reader do. */
  readonly faults: string[];
}

/** Tensors of more than this are not read whole: a view may repeat what is stored. */
const WHOLE_BYTES = 2 ** 21;
const MOST_FAULTS = 5;

/** Opens damaged copies of the files and reads every tensor of those that open. Case n is the same in every run. */
export async function fuzz(format: Format, files: readonly Uint8Array[], cases: number): Promise<FuzzReport> {
  const report: FuzzReport = {
    cases,
    opened: 0,
    refused: 0,
    mostRead: 0,
    mostExcessBytes: 0,
    slowestMilliseconds: 0,
    faults: [],
  };
  for (let index = 0; index < cases && report.faults.length < MOST_FAULTS; index += 1) {
    const bytes = mutated(files[index % files.length]!, seededRandom(index));
    const before = memory();
    const started = performance.now();
    try {
      await openAndRead(format, bytes, report);
      report.opened += 1;
    } catch (error) {
      if (error instanceof LoraError) report.refused += 1;
      else report.faults.push(`case ${index}: ${error instanceof Error ? error.stack : String(error)}`);
    }
    report.slowestMilliseconds = Math.max(report.slowestMilliseconds, performance.now() - started);
    report.mostExcessBytes = Math.max(report.mostExcessBytes, memory() - before - 4 * bytes.length);
  }
  return report;
}

function memory(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

async function openAndRead(format: Format, bytes: Uint8Array, report: FuzzReport): Promise<void> {
  const { source, asked } = countedSource(bytes);
  let file: TensorFile;
  try {
    file = await format.open(source);
  } finally {
    report.mostRead = Math.max(report.mostRead, asked() / Math.max(1, bytes.length));
  }
  for (const [name, tensor] of file.tensors) {
    if (tensor.byteLength > WHOLE_BYTES) continue;
    const values = await tensor.bytes();
    if (values.length !== tensor.byteLength) throw new Error(`${name} gave ${values.length} bytes`);
    const [rows] = tensor.shape;
    if (rows === undefined || tensor.dtype === "opaque") continue;
    await tensor.bytes([rows >> 1, rows]);
  }
}

/** A source that takes no request beyond its end, and counts the bytes it gave. */
function countedSource(bytes: Uint8Array): { source: ByteSource; asked: () => number } {
  let asked = 0;
  const read: ByteSource["read"] = async (from, to) => {
    if (!(from >= 0 && from <= to && to <= bytes.length)) {
      throw new Error(`bytes ${from} to ${to} were asked for of ${bytes.length}`);
    }
    asked += to - from;
    return bytes.slice(from, to);
  };
  return { source: { name: "damaged.file", size: bytes.length, read }, asked: () => asked };
}
