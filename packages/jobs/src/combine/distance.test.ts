import { frobeniusNorm, type Matrix, multiply, randomMatrix, scaled, wasmEngine } from "@lora/linalg";
import { decode, type DType, encode } from "@lora/tensor";
import { expect, test } from "vitest";
import type { KeptFactors } from "../resize/keep.ts";
import { factorDistance } from "./distance.ts";

const engine = wasmEngine();

function stored({ rows, cols, data }: Matrix, dtype: DType): KeptFactors["up"] {
  const values = new Float64Array(data.length);
  decode(encode(data, dtype), dtype, values);
  return { rows, cols, data: values };
}

const exact = { up: scaled(randomMatrix(300, 40, 1), 0.01), down: scaled(randomMatrix(40, 200, 2), 1) };

test.each(["f32", "f16", "bf16"] as const)(
  "what rounding to %s moves is that of the whole products",
  (dtype) => {
    const written = { up: stored(exact.up, dtype), down: stored(exact.down, dtype) };
    const [a, b] = [exact, written].map(({ up, down }) => multiply(up, down, { engine })) as [Matrix, Matrix];
    const whole = frobeniusNorm({ ...a, data: a.data.map((value, at) => value - b.data[at]!) });
    expect(factorDistance(exact, written, { engine })).toBeCloseTo(whole, 3 - Math.floor(Math.log10(whole)));
  },
);

test("factors that have little to do with each other, and tiny ones, are compared in doubles, or at size 1", () => {
  const other = { up: randomMatrix(300, 40, 3), down: randomMatrix(40, 200, 4) };
  const [a, b] = [exact, other].map(({ up, down }) => multiply(up, down, { engine })) as [Matrix, Matrix];
  const whole = frobeniusNorm({ ...a, data: a.data.map((value, at) => value - b.data[at]!) });
  expect(factorDistance(exact, other, { engine }) / whole).toBeCloseTo(1, 12);
  const tiny = { up: scaled(exact.up, 1e-20), down: scaled(exact.down, 1e-20) };
  const moved = { ...tiny, down: scaled(tiny.down, 1 + 2 ** -20) };
  const size = 2 ** -20 * frobeniusNorm(multiply(tiny.up, tiny.down));
  expect(factorDistance(tiny, moved, { engine }) / size).toBeCloseTo(1, 3);
});

test("nothing was moved where nothing was rounded, and one factor may be", () => {
  expect(factorDistance(exact, exact, { engine })).toBe(0);
  const written = { up: exact.up, down: stored(exact.down, "bf16") };
  const moved = { ...exact.down, data: exact.down.data.map((value, at) => value - written.down.data[at]!) };
  const whole = frobeniusNorm(multiply(exact.up, moved));
  expect(factorDistance(exact, written, { engine })).toBeCloseTo(whole, 3 - Math.floor(Math.log10(whole)));
});
