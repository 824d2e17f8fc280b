import type { Matrix } from "../matrix.ts";
import { STORED_BYTES, type StoredMatrix, type StoredSource } from "../stored-matrix.ts";
import { isFiniteBetween } from "./all-finite-in-memory.ts";
import { multiplyPacks, withPackedColumns } from "./multiply-rows.ts";
import { roundUp } from "./pack-panels.ts";
import { withStoredInMemory } from "./stored-in-memory.ts";
import type { Workplace } from "./workplace.ts";

/** Bytes of rows that are read at a time: with what they are widened to they stay in the L2 cache. */
const CHUNK = 256 * 1024;

/** Rows of a chunk are a multiple of this many, and so many more may be read behind them, never to be looked at. */
const GROUP = 24;

/** `Engine.timesStored`: some rows are read, looked through, widened and multiplied, then the next. */
export function timesStoredInMemory(
  place: Workplace,
  a: StoredMatrix | StoredSource,
  x: Matrix,
): Matrix | undefined {
  const { rows, cols } = a;
  if (cols % 8 !== 0 || x.cols === 1) {
    return withStoredInMemory(place, a, (held) => (held.firstNonFinite() < 0 ? held.multiply(x) : undefined));
  }
  const dtype = "dtype" in a ? a.dtype : "f32";
  const lineBytes = cols * STORED_BYTES[dtype];
  const most = Math.max(GROUP, Math.floor(CHUNK / lineBytes / GROUP) * GROUP);
  const data = new Float32Array(rows * x.cols);
  const finite = withPackedColumns(place, cols, x, (columns) => {
    const at = place.arena.allocate((Math.min(most, roundUp(rows, GROUP)) + GROUP) * lineBytes);
    for (let first = 0; first < rows; first += most) {
      const count = Math.min(most, rows - first);
      const end = at + count * lineBytes;
      readRows(a, first * lineBytes, place.arena.bytes.subarray(at, end));
      if (!isFiniteBetween(place, { at, end, dtype })) return false;
      const held = { at, rows: count, cols, dtype, width: cols, lineBytes, end };
      multiplyPacks(place, held, columns, data.subarray(first * x.cols));
    }
    return true;
  });
  return finite ? { rows, cols: x.cols, data } : undefined;
}

function readRows(a: StoredMatrix | StoredSource, from: number, into: Uint8Array): void {
  if ("read" in a) return a.read(into, from);
  const { buffer, byteOffset } = a.data;
  into.set(new Uint8Array(buffer, byteOffset + from, into.length));
}
