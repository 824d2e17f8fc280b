import { LoraError, elementCount } from "@lora/tensor";
import type { Cursor } from "../parse/cursor.ts";
import type { ArrayType } from "./array-type.ts";
import { arrayType } from "./array-type.ts";

/** What the front of a `.npy` file says. */
export interface NpyHeader extends ArrayType {
  readonly shape: readonly number[];
  /** Whether the first axis is contiguous, not the last. */
  readonly fortran: boolean;
  /** Where the elements begin. */
  readonly dataStart: number;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** Six times what NumPy itself accepts. */
const MOST_TEXT_BYTES = 2 ** 16;
/** What NumPy itself can have. */
const MOST_AXES = 64;

/** Whether a file begins with the magic bytes of `.npy`. */
export function looksLikeNpy(head: Uint8Array): boolean {
  return MAGIC.every((byte, at) => head[at] === byte);
}

/**
 * Reads the header of versions 1 to 3: a length of 2 or 4 bytes, and a dictionary as Python prints it.
 *
 * @throws LoraError FORMAT when it is broken; UNSUPPORTED for another version, and as `arrayType` does
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export function parseNpyHeader(cursor: Cursor): NpyHeader {
  if (!looksLikeNpy(cursor.take(MAGIC.length))) {
    throw new LoraError("FORMAT", "the array does not begin with the magic bytes of NumPy");
  }
  const version = cursor.u8();
  cursor.u8();
  if (version < 1 || version > 3) {
    throw new LoraError("UNSUPPORTED", `the array has version ${version} of the format, and 1 to 3 are read`);
  }
  const length = version === 1 ? cursor.u16() : cursor.u32();
  if (length > MOST_TEXT_BYTES) {
    throw new LoraError(
      "FORMAT",
      `the header of the array claims ${length} bytes, and at most ${MOST_TEXT_BYTES} are read`,
    );
  }
  const fields = parseFields(cursor.text(length));
  return { ...fields, dataStart: cursor.position };
}

function parseFields(text: string): Omit<NpyHeader, "dataStart"> {
  const descr = /'descr': *(?:'([^']*)'|(\[[^\]]*\]))/u.exec(text);
  const fortran = /'fortran_order': *(True|False)/u.exec(text)?.[1];
  // Python 2 writes whole numbers with an L behind them.
  const shape = /'shape': *\(([\dL, ]*)\)/u.exec(text)?.[1];
  if (descr === null || fortran === undefined || shape === undefined) {
    throw new LoraError("FORMAT", `the header of the array is ${JSON.stringify(text.trim().slice(0, 200))}`);
  }
  const sizes = Array.from(shape.matchAll(/\d+/gu), ([digits]) => Number(digits));
  if (sizes.length > MOST_AXES || !Number.isSafeInteger(elementCount(sizes))) {
    throw new LoraError("FORMAT", `the array has the shape (${shape.slice(0, 200)})`);
  }
  return { ...arrayType(descr[1] ?? descr[2]!), fortran: fortran === "True", shape: sizes };
}
