import { expect, test } from "vitest";
import { buffersOf } from "./buffers-of.ts";

test("buffers are found at any depth, each once; parts of a buffer and other values stay", () => {
  const [bytes, values] = [new Uint8Array(4), new Float64Array(2)];
  const data = {
    text: "x",
    nothing: null,
    absent: undefined,
    list: [bytes, { values, again: bytes }],
    part: new Uint8Array(8).subarray(0, 4),
    shared: new Uint8Array(new SharedArrayBuffer(4)),
  };
  expect(buffersOf(data)).toEqual([bytes.buffer, values.buffer]);
  expect(buffersOf(7)).toEqual([]);
});
