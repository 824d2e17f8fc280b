import type { ComputeDType, Tensor } from "@lora/tensor";
import { encode } from "@lora/tensor";
import { describe, expect, test } from "vitest";
import { expectWithin, withValues } from "./checks.test-helper.ts";
import { identity, matrix, zeros } from "./create.ts";
import { frobeniusNormOn } from "./frobenius-norm-on.ts";
import type { Matrix } from "./matrix.ts";
import { matrixMap } from "./matrix-map.ts";
import { frobeniusNorm } from "./norms.ts";
import { randomMatrix } from "./random-matrix.ts";
import { referenceBackend } from "./reference-backend.ts";
import type { ReferenceStorage } from "./reference-operations.ts";
import { spectralNormOn } from "./spectral-norm-on.ts";
import { spectralNorm } from "./spectral-norm.ts";

const backend = referenceBackend();
const UNIT = { f64: 2 ** -53, f32: 2 ** -24, f16: 2 ** -11 } as const;

function put(a: Matrix, as: ComputeDType): Tensor<ReferenceStorage> {
  return backend.upload(encode(a.data, as), { dtype: as, shape: [a.rows, a.cols] }, as);
}

const MATRICES: readonly (readonly [what: string, a: Matrix])[] = [
  ["zero", zeros(3, 4)],
  ["nothing", zeros(0, 4)],
  ["one number", matrix([[-3]])],
  ["a column", matrix([[3], [4]])],
  ["a row", matrix([[3, 4, 12, 84]])],
  ["all values equal", identity(5)],
  ["a double top value", withValues([30, 20], [2, 2, 1, 0.5], 1)],
  ["wide, of full rank", randomMatrix(4, 9, 1)],
  ["a flat spectrum, tall", randomMatrix(120, 60, 2)],
  ["a flat spectrum, wide", randomMatrix(60, 250, 3)],
  ["large", { ...identity(3), data: randomMatrix(3, 3, 4).data.map((value) => value * 2 ** 100) }],
  ["small", { ...identity(3), data: randomMatrix(3, 3, 4).data.map((value) => value * 2 ** -100) }],
];

describe.each(["f64", "f32"] as const)("norms on a backend, in %s", (as) => {
  test.each(MATRICES)("spectral: %s", async (_, a) => {
    const expected = spectralNorm(matrixMap(a)).value;
    const { value } = await spectralNormOn(backend, put(a, as));
    // 1e-8 is where both stop
    expectWithin([value], [expected], (1e-8 + 10 * Math.sqrt(a.rows + a.cols) * UNIT[as]) * expected);
  });

  test.each(MATRICES)("Frobenius: %s", async (_, a) => {
    const expected = frobeniusNorm(a);
    const bound = (a.data.length + 2) * UNIT[as] * expected;
    expectWithin([await frobeniusNormOn(backend, put(a, as))], [expected], bound);
  });

  test("a value that is not finite is refused", async () => {
    const a = put(matrix([[1, Number.NaN]]), as);
    await expect(spectralNormOn(backend, a)).rejects.toMatchObject({ code: "NUMERIC" });
    await expect(frobeniusNormOn(backend, a)).rejects.toMatchObject({ code: "NUMERIC" });
  });
});

test("it stops where it is told to, with a residual that says so", async () => {
  const a = put(randomMatrix(120, 120, 2), "f64");
  const early = await spectralNormOn(backend, a, { maxIterations: 3 });
  expect(early.iterations).toBe(3);
  expect(early.residual).toBeGreaterThan(1e-3 * early.value);
  const whole = await spectralNormOn(backend, a, { tolerance: 1e-4 });
  expect(whole.residual).toBeLessThanOrEqual(1e-4 * whole.value);
  await expect(spectralNormOn(backend, a, { maxIterations: 0 })).rejects.toMatchObject({ code: "USAGE" });
});
