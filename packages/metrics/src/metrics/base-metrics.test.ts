import { multiply, productSvd, randomMatrix, singularValues, thinQr } from "@lora/linalg";
import type { Matrix } from "@lora/linalg";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  baseFrobeniusNorm,
  baseSpectralNorm,
  baseSubspaceFactors,
  baseWeight,
  dlora,
  inputGain,
  metrics,
  outputGain,
  subspaceRatios,
  svalRatios,
} from "../index.ts";
import type { MetricInput, Update } from "../index.ts";

function matrix(rows: number, cols: number, data: readonly number[]): Matrix {
  return { rows, cols, data: Float64Array.from(data) };
}

// ΔW = 6·e₁e₁ᵀ + 2·e₂e₃ᵀ, 2 × 3, against a base with entries −3 and 0 there.
const update: Update = {
  u: matrix(2, 2, [1, 0, 0, 1]),
  s: Float64Array.of(6, 2),
  v: matrix(3, 2, [1, 0, 0, 0, 0, 1]),
};
const base = baseWeight(matrix(2, 3, [-3, 0, 4, 0, 5, 0]), { tolerance: 1e-12 });

describe("hand-worked", () => {
  test("the seed's attributes under their names", () => {
    // W·Wᵀ = diag(25, 25): both singular values are 5, ‖W‖_F = √50.
    const values = dlora(update, base);
    expect(Object.keys(values).sort()).toEqual([
      "baseFrobeniusNorm",
      "baseSpectralNorm",
      "baseSubspaceFactors",
      "subspaceRatios",
      "svalRatios",
    ]);
    expect(values.baseSpectralNorm).toBeCloseTo(5, 11);
    expect(values.baseFrobeniusNorm).toBeCloseTo(Math.sqrt(50), 14);
    expect([...values.baseSubspaceFactors]).toEqual([-3, 0]);
    expect([...values.subspaceRatios]).toEqual([2, Infinity]);
    expect([...values.svalRatios].map((ratio) => ratio.toFixed(11))).toEqual([
      "1.20000000000",
      "0.40000000000",
    ]);
  });

  test("what the base does with the inputs and sends to the outputs of the update", () => {
    expect([...inputGain.compute({ update, base })]).toEqual([3, 4]); // columns 1 and 3 of W
    expect([...outputGain.compute({ update, base })]).toEqual([5, 5]); // rows 1 and 2 of W
  });

  test("a zero update against a zero base is 0 of it", () => {
    const zero = {
      update: { ...update, s: Float64Array.of(0, 0) },
      base: baseWeight(matrix(2, 3, [0, 0, 0, 0, 0, 0])),
    };
    const computed = [subspaceRatios, svalRatios, baseSubspaceFactors, inputGain, outputGain];
    for (const metric of computed) expect([...metric.compute(zero)]).toEqual([0, 0]);
    expect([baseSpectralNorm, baseFrobeniusNorm].map((metric) => metric.compute(zero))).toEqual([0, 0]);
  });

  test("single precision weights are read as they are", () => {
    const single = baseWeight({ rows: 2, cols: 3, data: Float32Array.of(-3, 0, 4, 0, 5, 0) });
    expect([...baseSubspaceFactors.compute({ update, base: single })]).toEqual([-3, 0]);
  });
});

test("norms and products of the base are computed once", () => {
  const { data, ...size } = matrix(2, 3, [1, 2, 3, 4, 5, 6]);
  const weight = baseWeight({ ...size, data });
  const first = [
    weight.spectralNorm(),
    weight.frobeniusNorm(),
    weight.timesInputs(update.v),
    weight.timesOutputs(update.u),
  ];
  data.fill(0);
  const second = [
    weight.spectralNorm(),
    weight.frobeniusNorm(),
    weight.timesInputs(update.v),
    weight.timesOutputs(update.u),
  ];
  second.forEach((value, index) => expect(value).toBe(first[index]));
});

test("the spectral norm is found within its tolerance and is the same for the same seed", () => {
  const w = randomMatrix(30, 20, 5);
  const options = { seed: 3, tolerance: 1e-4 };
  const [one, two] = [baseWeight(w, options), baseWeight(w, options)].map((weight) => weight.spectralNorm());
  const [exact] = singularValues(w);
  expect(one).toEqual(two);
  expect(Math.abs(one.value - exact)).toBeLessThanOrEqual(1e-4 * exact);
  expect(Math.abs(one.value - exact)).toBeLessThanOrEqual(one.residual);
});

test.each([
  [{ update }, "MISSING", "this metric compares the update with its base weight, and there is none"],
  [
    { update, base: baseWeight(matrix(1, 3, [1, 2, 3])) },
    "SHAPE",
    "the base weight is 1 × 3, the update 2 × 3",
  ],
])("a base that does not fit is refused (%#)", (input: MetricInput, code, message) => {
  expect(() => svalRatios.compute(input)).toThrow(expect.objectContaining({ code, message }));
});

describe("properties", () => {
  const sizes = fc.record({
    out: fc.integer({ min: 1, max: 9 }),
    in: fc.integer({ min: 1, max: 9 }),
    rank: fc.integer({ min: 1, max: 5 }),
    seed: fc.nat(1000),
  });

  /** An update made of random factors, and the same one with its inner axes turned by an orthogonal q. */
  function twice(size: { out: number; in: number; rank: number; seed: number }): [MetricInput, MetricInput] {
    const [up, down] = [
      randomMatrix(size.out, size.rank, size.seed),
      randomMatrix(size.rank, size.in, size.seed + 1),
    ];
    const { q } = thinQr(randomMatrix(size.rank, size.rank, size.seed + 2));
    const w = randomMatrix(size.out, size.in, size.seed + 3);
    const make = (left: Matrix, right: Matrix): MetricInput => ({
      update: { ...productSvd(left, right), stored: { up: left, down: right, scale: 1, alpha: undefined } },
      base: baseWeight(w, { tolerance: 1e-12 }),
    });
    return [make(up, down), make(multiply(up, q), multiply(q, down, { transA: true }))];
  }

  test("(up·q, qᵀ·down) has the metrics of (up, down)", () => {
    // Vectors turn by about 100·EPS·σ₁ / gap; the counts of f16 and of dead dimensions are about the factors.
    const turning = new Set(["halfRange", "deadDimensions"]);
    fc.assert(
      fc.property(sizes, (size) => {
        const [one, two] = twice(size);
        const { s } = one.update;
        fc.pre(s.every((value, index) => value - (s[index + 1] ?? 0) > 1e-3 * s[0]));
        for (const metric of metrics.filter(({ id }) => !turning.has(id))) {
          const [a, b] = [one, two].map((input) => Object.values<number>(Object(metric.compute(input))));
          a.forEach((value, index) =>
            expect(Math.abs(value - b[index])).toBeLessThanOrEqual(1e-8 * Math.abs(value) + 1e-9),
          );
        }
      }),
      { seed: 7 },
    );
  });

  test("turning the signs of a pair changes no factor, and |fᵢ| ≤ σmax(W)", () => {
    fc.assert(
      fc.property(sizes, (size) => {
        const [{ update: given, base: weight }] = twice(size);
        const turned = (m: Matrix): Matrix => ({ ...m, data: m.data.map((value) => -value) });
        const factors = baseSubspaceFactors.compute({ update: given, base: weight });
        const flipped = baseSubspaceFactors.compute({
          update: { ...given, u: turned(given.u), v: turned(given.v) },
          base: weight,
        });
        expect(flipped).toEqual(factors);
        const most = weight!.spectralNorm().value * (1 + 1e-9);
        expect(factors.every((factor) => Math.abs(factor) <= most)).toBe(true);
      }),
      { seed: 7 },
    );
  });

  test("|fᵢ| is no more than either gain", () => {
    fc.assert(
      fc.property(sizes, (size) => {
        const [input] = twice(size);
        const gains = [inputGain.compute(input), outputGain.compute(input)];
        return baseSubspaceFactors
          .compute(input)
          .every((factor, index) => gains.every((gain) => Math.abs(factor) <= gain[index] + 1e-12));
      }),
      { seed: 7 },
    );
  });
});
