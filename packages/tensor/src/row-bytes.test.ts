import { expect, test } from "vitest";
import { byteCount, rowBytes } from "./row-bytes.ts";

const matrix = { dtype: "f16", shape: [4, 3, 2], byteLength: 48 } as const;

test("hand-worked: rows 1 to 3 of 4 × 3 × 2 halves are bytes 12 to 36", () => {
  expect(rowBytes(matrix, [1, 3])).toEqual([12, 36]);
  expect(rowBytes(matrix, [4, 4])).toEqual([48, 48]);
  expect(rowBytes(matrix)).toEqual([0, 48]);
});

test("tensors without elements have rows without bytes", () => {
  expect(rowBytes({ dtype: "f32", shape: [0, 5], byteLength: 0 }, [0, 0])).toEqual([0, 0]);
  expect(rowBytes({ dtype: "f32", shape: [5, 0], byteLength: 0 }, [1, 4])).toEqual([0, 0]);
});

test.each([[[-1, 2]], [[2, 1]], [[0, 5]], [[0.5, 2]], [[0, Number.NaN]]] as const)(
  "refuses rows %j",
  ([from, to]) => {
    const error = { code: "SHAPE", message: `rows ${from} to ${to} of a tensor with 4 rows (4 × 3 × 2)` };
    expect(() => rowBytes(matrix, [from, to])).toThrow(expect.objectContaining(error));
  },
);

test.each([
  ["a scalar", "f32", []],
  ["an opaque tensor", "opaque", [4]],
] as const)("%s is only to be had whole", (what, dtype, shape) => {
  const tensor = { dtype, shape, byteLength: 4 };
  expect(rowBytes(tensor)).toEqual([0, 4]);
  const error = { code: "SHAPE", message: `${what} has no rows: it can only be read whole` };
  expect(() => rowBytes(tensor, [0, 1])).toThrow(expect.objectContaining(error));
});

test("bytes follow from type and shape, but not for opaque tensors", () => {
  expect(byteCount(matrix)).toBe(48);
  expect(byteCount({ dtype: "f64", shape: [] })).toBe(8);
  expect(byteCount({ dtype: "bool", shape: [0] })).toBe(0);
  const error = { code: "DTYPE", message: "the size of an opaque tensor does not follow from its shape" };
  expect(() => byteCount({ dtype: "opaque", shape: [2, 2] })).toThrow(expect.objectContaining(error));
});

test("rows of a quantised matrix are whole blocks; a vector is cut between blocks only", () => {
  expect(byteCount({ dtype: "q4_0", shape: [3, 64] })).toBe(3 * 36);
  const quantised = { dtype: "q4_0", shape: [3, 64], byteLength: 108 } as const;
  expect(rowBytes(quantised, [1, 3])).toEqual([36, 108]);
  const vector = { dtype: "q6_k", shape: [512], byteLength: 420 } as const;
  expect(rowBytes(vector, [256, 512])).toEqual([210, 420]);
  const message = "rows 1 to 256 of a vector of q6_k cut through a block of 256";
  expect(() => rowBytes(vector, [1, 256])).toThrow(expect.objectContaining({ code: "SHAPE", message }));
});
