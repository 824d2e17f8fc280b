import type { Shape } from "@lora/tensor";

/** Elements to bring into dense rows. */
export interface Gathering {
  readonly shape: Shape;
  /** In elements. */
  readonly strides: readonly number[];
  readonly itemBytes: number;
}

/**
 * The elements of a view as dense rows. One pass in the order of the result; elements are moved in words of
 * 4, 2 or 1 bytes, so no bit of a NaN changes.
 *
 * @param span the stored bytes, of which the first element of the view is the first
 */
export function gather(span: Uint8Array, { shape, strides, itemBytes }: Gathering): Uint8Array<ArrayBuffer> {
  const word = [4, 2, 1].find((size) => itemBytes % size === 0)!;
  const perItem = itemBytes / word;
  const from = wordsOf(span, word);
  const count = shape.reduce((product, size) => product * size, 1);
  const to = wordsOf(new Uint8Array(count * itemBytes), word);
  const [length, stride] = [shape.at(-1) ?? 1, (strides.at(-1) ?? 0) * perItem];
  const index = Array<number>(Math.max(0, shape.length - 1)).fill(0);
  for (let written = 0; written < to.length; written += length * perItem) {
    const start = index.reduce((sum, at, axis) => sum + at * strides[axis]!, 0) * perItem;
    for (let i = 0; i < length; i += 1) {
      for (let part = 0; part < perItem; part += 1) {
        to[written + i * perItem + part] = from[start + i * stride + part]!;
      }
    }
    advance(index, shape);
  }
  return new Uint8Array(to.buffer);
}

/** The next position of all axes but the last, the innermost of them first. */
function advance(index: number[], shape: Shape): void {
  for (let axis = index.length - 1; axis >= 0; axis -= 1) {
    index[axis]! += 1;
    if (index[axis]! < shape[axis]!) return;
    index[axis] = 0;
  }
}

type Words = Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

/** The bytes as words; a copy where they are not aligned. */
function wordsOf(bytes: Uint8Array, size: number): Words {
  const aligned = bytes.byteOffset % size === 0 && bytes.buffer instanceof ArrayBuffer;
  const own = (aligned ? bytes : new Uint8Array(bytes)) as Uint8Array<ArrayBuffer>;
  if (size === 1) return own;
  const Type = size === 4 ? Uint32Array : Uint16Array;
  return new Type(own.buffer, own.byteOffset, Math.floor(own.length / size));
}
