import type { Operand } from "../ops/strided.ts";
import type { Arena } from "./arena.ts";

/** Lines shorter than this are copied number by number, which costs less than making a view of each. */
const SHORT = 24;

/** A matrix in the memory of an engine, its steps in bytes. */
export interface Staged {
  readonly at: number;
  readonly rowStep: number;
  readonly colStep: number;
}

/** Copies a matrix, bits of sixteen as they are, into the engine's memory, in the order it lies in, without what lies between. */
export function stage(arena: Arena, a: Operand, at: number): Staged {
  const bytes = a.data.BYTES_PER_ELEMENT;
  const byRows = a.colStep === 1;
  const [lines, length] = byRows ? [a.rows, a.cols] : [a.cols, a.rows];
  const step = byRows ? a.rowStep : a.colStep;
  const memory = viewFor(arena, a.data);
  const to = at / bytes;
  if (step === length) memory.set(a.data.subarray(0, lines * length), to);
  else if (length < SHORT) copyShort(a.data, memory.subarray(to), { lines, length, step });
  else {
    for (let line = 0; line < lines; line++) {
      memory.set(a.data.subarray(line * step, line * step + length), to + line * length);
    }
  }
  return byRows
    ? { at, rowStep: length * bytes, colStep: bytes }
    : { at, rowStep: bytes, colStep: length * bytes };
}

function viewFor(arena: Arena, data: Operand["data"]): Operand["data"] {
  if (data instanceof Float64Array) return arena.doubles;
  return data instanceof Float32Array ? arena.singles : arena.halves;
}

interface Lines {
  readonly lines: number;
  readonly length: number;
  readonly step: number;
}

function copyShort(from: Operand["data"], to: Operand["data"], { lines, length, step }: Lines): void {
  for (let line = 0; line < lines; line++) {
    for (let i = 0; i < length; i++) to[line * length + i] = from[line * step + i];
  }
}
