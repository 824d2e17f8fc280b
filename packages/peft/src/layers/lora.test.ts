import { multiply, randomMatrix } from "@lora/linalg";
import { describe, expect, test } from "vitest";
import { denseTensor } from "./dense-tensor.ts";
import { largestDifference } from "./goldens.test-helper.ts";
import { Lora } from "./lora.ts";

/** 32 inputs of 128 features. */
const x = { shape: [32, 128], data: randomMatrix(32, 128, 1).data };

describe("the examples of zeta", () => {
  test("basic usage", () => {
    const y = new Lora({ dim: 128, dimOut: 64 }).forward(x);
    expect(y.shape).toEqual([32, 64]);
  });

  test("a rank and a scale factor", () => {
    const lora = new Lora({ dim: 128, dimOut: 64, r: 16, alpha: 0.1 });
    expect(lora.scale).toBe(0.1 / 16);
    expect([lora.A.rows, lora.A.cols, lora.B.rows, lora.B.cols]).toEqual([128, 16, 16, 64]);
    const whole = multiply({ rows: 32, cols: 128, data: x.data }, lora.weight);
    expect(largestDifference(lora.forward(x).data, whole.data)).toBeLessThan(1e-13);
  });

  test("inside a network", () => {
    const [lora, last] = [new Lora({ dim: 128, dimOut: 64 }), randomMatrix(10, 64, 2)];
    const { data } = lora.forward(x);
    expect(multiply({ rows: 32, cols: 64, data }, last, { transB: true })).toMatchObject({
      rows: 32,
      cols: 10,
    });
  });
});

test("alpha is 1 where it is not given, and the same seed gives the same factors", () => {
  const [one, other] = [
    new Lora({ dim: 3, dimOut: 2, r: 4 }),
    new Lora({ dim: 3, dimOut: 2, r: 4, alpha: 1 }),
  ];
  expect(one.scale).toBe(0.25);
  expect(one.weight).toEqual(other.weight);
});

test("singles stay singles, over any number of axes", () => {
  const lora = new Lora({ dim: 3, dimOut: 2 });
  const y = lora.forward(denseTensor([2, 2, 3], new Float32Array(12)));
  expect(y).toEqual({ shape: [2, 2, 2], data: new Float32Array(8) });
});

test("an input of another size is refused", () => {
  const lora = new Lora({ dim: 3, dimOut: 2 });
  expect(() => lora.forward(denseTensor([1, 4], [1, 2, 3, 4]))).toThrow(
    "the input ends in 4; this LoRA takes 3",
  );
});
