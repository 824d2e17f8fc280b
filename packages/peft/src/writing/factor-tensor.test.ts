import { expect, test } from "vitest";
import { factorTensor } from "./factor-tensor.ts";

const made = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
const factor = factorTensor("up", { dtype: "f16", shape: [2, 2] }, async () => made);

test("each pull is a copy of its own", async () => {
  const bytes = await factor.bytes();
  bytes.fill(0);
  expect(await factor.bytes([1, 2])).toEqual(Uint8Array.of(5, 6, 7, 8));
});

test("memory that is given takes the copy where it has room", async () => {
  const [memory, small] = [new Uint8Array(10), new Uint8Array(3)];
  const bytes = await factor.bytes([1, 2], undefined, memory);
  expect(bytes).toEqual(Uint8Array.of(5, 6, 7, 8));
  expect(bytes.buffer).toBe(memory.buffer);
  expect((await factor.bytes([1, 2], undefined, small)).buffer).not.toBe(small.buffer);
});
