import {
  readStored,
  STORED_BYTES,
  type StoredMatrix,
  type StoredSource,
  type StoredType,
} from "../stored-matrix.ts";
import { roundUp } from "./pack-panels.ts";
import type { Workplace } from "./workplace.ts";

/** Bytes of rows that are looked at together, which then are in the cache. */
const CHUNK = 128 * 1024;

/** Of long rows so many together: fewer where they are widened into a place of their own. */
const LEAST_ROWS = { f32: 64, f16: 24, bf16: 24 } as const;

/** Lines that may be read past the last; what is made of them is never looked at. */
const OVERHANG = 8;

/**
 * A stored matrix in the engine's memory: as many lines as are a multiple of four, of as many values as are a
 * multiple of eight; what is not the matrix is zero.
 */
export interface StoredRows {
  readonly at: number;
  readonly rows: number;
  readonly cols: number;
  readonly dtype: StoredType;
  /** Values of a line. */
  readonly width: number;
  readonly lineBytes: number;
  readonly end: number;
}

/** Copies or reads a stored matrix to where it is held until the scope of the arena ends. */
export function holdStored({ arena }: Workplace, a: StoredMatrix | StoredSource): StoredRows {
  const { rows, cols } = a;
  const dtype = "dtype" in a ? a.dtype : "f32";
  const width = roundUp(cols, 8);
  const lineBytes = width * STORED_BYTES[dtype];
  const at = arena.allocate((roundUp(rows, 4) + OVERHANG) * lineBytes);
  const held = {
    at,
    rows,
    cols,
    dtype,
    width,
    lineBytes,
    end: at + roundUp(rows, 4) * lineBytes,
  };
  if (width === cols && "read" in a) {
    arena.bytes.fill(0, at + rows * lineBytes, held.end);
    a.read(arena.bytes.subarray(at, at + rows * lineBytes));
    return held;
  }
  const { data } = readStored(a);
  const memory = data instanceof Float32Array ? arena.singles : arena.halves;
  const [first, last] = [at, held.end].map((address) => address / data.BYTES_PER_ELEMENT);
  if (width === cols) {
    memory.set(data, first);
    memory.fill(0, first + data.length, last);
    return held;
  }
  memory.fill(0, first, last);
  for (let row = 0; row < rows; row++) {
    memory.set(data.subarray(row * cols, (row + 1) * cols), first + row * width);
  }
  return held;
}

/** Some lines of a stored matrix as f32, one after another. */
export interface WideRows {
  /** The first of them. */
  readonly first: number;
  readonly count: number;
  readonly at: number;
  readonly lineBytes: number;
}

/**
 * Visits all lines as f32, some at a time. f32 is not copied.
 *
 * @param pitch bytes from a widened line to the next; what is between them is not defined
 */
export function eachWide(
  { arena, kernels }: Workplace,
  { at, rows, dtype, width, lineBytes }: StoredRows,
  visit: (lines: WideRows) => void,
  pitch: number = 4 * width,
): void {
  const most = Math.min(rows, Math.max(LEAST_ROWS[dtype], Math.floor(CHUNK / pitch)));
  arena.scope(() => {
    const scratch = dtype === "f32" ? at : arena.allocate((most + OVERHANG) * pitch);
    for (let first = 0; first < rows; first += most) {
      const count = Math.min(most, rows - first);
      const from = at + first * lineBytes;
      if (dtype === "f32") visit({ first, count, at: from, lineBytes });
      else {
        const widen = kernels.functions[`widen_${dtype}`];
        if (pitch === 4 * width) widen(from, scratch, scratch + count * pitch);
        else {
          for (let row = 0; row < count; row++) {
            const to = scratch + row * pitch;
            widen(from + row * lineBytes, to, to + 4 * width);
          }
        }
        visit({ first, count, at: scratch, lineBytes: pitch });
      }
    }
  });
}
