import type { RowRange } from "@lora/tensor";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { ByteSource } from "../sources/byte-source.ts";
import { bytesSource } from "../sources/bytes-source.ts";
import { stridedTensor } from "./strided-tensor.ts";
import type { StridedView } from "./strided-view.ts";
import { spanOf } from "./strided-view.ts";

const TYPES = { 1: "u8", 2: "f16", 4: "f32", 8: "f64" } as const;

/** Any view of up to four axes, with room for it; strides of 0 repeat elements. */
const views = fc
  .record({
    axes: fc.array(fc.tuple(fc.nat(4), fc.nat(7)), { maxLength: 4 }),
    offset: fc.nat(5),
    itemBytes: fc.constantFrom(1, 2, 4, 8),
  })
  .map(({ axes, offset, itemBytes }): StridedView => {
    const [shape, strides] = [axes.map(([size]) => size), axes.map(([, stride]) => stride)];
    const length = (offset + 1 + Math.max(0, spanOf(shape, strides))) * itemBytes;
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 37 + (i >> 8)) & 0xff);
    const dtype = TYPES[itemBytes];
    return { storage: bytesSource(bytes, "made"), dtype, itemBytes, shape, strides, offset };
  });

/** The bytes of the elements at every position, the last axis fastest, one by one. */
async function oneByOne({ storage, shape, strides, offset, itemBytes }: StridedView): Promise<number[]> {
  let elements = [offset];
  for (const [axis, size] of shape.entries()) {
    elements = elements.flatMap((at) => Array.from({ length: size }, (_, i) => at + i * strides[axis]!));
  }
  const bytes = await storage.read(0, storage.size);
  return elements.flatMap((at) => [...bytes.subarray(at * itemBytes, (at + 1) * itemBytes)]);
}

test("a view gives each element where its strides say, whole and by rows", async () => {
  await fc.assert(
    fc.asyncProperty(views, fc.nat(4), fc.nat(4), async (view, a, b) => {
      const tensor = stridedTensor(view, "t");
      const expected = await oneByOne(view);
      expect([...(await tensor.bytes())]).toEqual(expected);
      const [rows] = view.shape;
      if (rows === undefined) return;
      const range: RowRange = [Math.min(a, b, rows), Math.min(Math.max(a, b), rows)];
      const size = rows === 0 ? 0 : expected.length / rows;
      expect([...(await tensor.bytes(range))]).toEqual(expected.slice(range[0] * size, range[1] * size));
    }),
    { seed: 6, numRuns: 300 },
  );
});

test("values with the most significant byte first are turned around", async () => {
  const storage = bytesSource(Uint8Array.of(1, 2, 3, 4), "made");
  const view: StridedView = {
    storage,
    dtype: "i16",
    itemBytes: 2,
    swapped: 2,
    shape: [2],
    strides: [1],
    offset: 0,
  };
  expect([...(await stridedTensor(view, "t").bytes())]).toEqual([2, 1, 4, 3]);
});

test("rows of a matrix stored by columns take one read, from their first to their last element", async () => {
  const reads: [number, number][] = [];
  const inner = bytesSource(new Uint8Array(24), "made");
  const read: ByteSource["read"] = (from, to) => {
    reads.push([from, to]);
    return inner.read(from, to);
  };
  const view: StridedView = {
    storage: { ...inner, read },
    dtype: "f32",
    itemBytes: 4,
    shape: [3, 2],
    strides: [1, 3],
    offset: 0,
  };
  await stridedTensor(view, "t").bytes([1, 2]);
  expect(reads).toEqual([[4, 20]]);
});
