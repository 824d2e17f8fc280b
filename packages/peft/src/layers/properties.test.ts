import { multiply, randomMatrix, wasmEngine } from "@lora/linalg";
import { tensorOfValues } from "@lora/tensor";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { denseTensor, typedTensor } from "./dense-tensor.ts";
import { dora, rowNorms } from "./dora.ts";
import { largestDifference } from "./goldens.test-helper.ts";
import { LinearLayer } from "./linear.ts";
import { plain } from "./plain.ts";

const sizes = fc.record({
  outputs: fc.integer({ min: 1, max: 12 }),
  inputs: fc.integer({ min: 1, max: 12 }),
  rank: fc.integer({ min: 1, max: 5 }),
  seed: fc.nat(1000),
});

/** Rows of W + s·B·A, formed. */
function formedNorms(w: Float64Array, product: Float64Array, scale: number, rows: number): number[] {
  const cols = w.length / rows;
  return Array.from({ length: rows }, (_, j) =>
    Math.hypot(...Array.from({ length: cols }, (__, i) => w[j * cols + i]! + scale * product[j * cols + i]!)),
  );
}

describe("DoRA's norms through the factors", () => {
  test("are those of the formed weight, either way round", () => {
    fc.assert(
      fc.property(
        sizes,
        fc.double({ min: -3, max: 3, noNaN: true }),
        ({ outputs, inputs, rank, seed }, scale) => {
          const [w, up, down] = [
            randomMatrix(outputs, inputs, seed),
            randomMatrix(outputs, rank, seed + 1),
            randomMatrix(rank, inputs, seed + 2),
          ];
          const wanted = formedNorms(w.data, multiply(up, down).data, scale, outputs);
          const turned = randomMatrix(inputs, outputs, 0);
          for (let i = 0; i < inputs; i++)
            for (let j = 0; j < outputs; j++) turned.data[i * outputs + j] = w.data[j * inputs + i]!;
          for (const weight of [
            { matrix: w, transposed: false },
            { matrix: turned, transposed: true },
          ]) {
            // 1e4 where the terms cancel most before a row is formed, times the terms of a sum.
            const bound = 1e4 * (inputs + rank + 4) * 2 ** -53;
            rowNorms(weight, { up, down }, scale).forEach((norm, j) => {
              expect(Math.abs(norm - wanted[j]!)).toBeLessThanOrEqual(bound * wanted[j]! + 1e-300);
            });
          }
        },
      ),
      { seed: 1, numRuns: 60 },
    );
  });

  test("keep their digits where the update takes nearly all of a row away", () => {
    const [up, down] = [randomMatrix(4, 2, 1), randomMatrix(2, 30, 2)];
    const rest = randomMatrix(4, 30, 3);
    const product = multiply(up, down);
    const w = { rows: 4, cols: 30, data: product.data.map((value, i) => -value + 1e-9 * rest.data[i]!) };
    const wanted = formedNorms(w.data, product.data, 1, 4);
    expect(
      largestDifference(rowNorms({ matrix: w, transposed: false }, { up, down }, 1), wanted),
    ).toBeLessThan(1e-13);
  });
});

describe("unmerging", () => {
  test.each(["f64", "f32", "f16", "bf16"] as const)(
    "without the original of %s stays within the error that is stated",
    async (dtype) => {
      for (const variant of [plain, dora]) {
        const w = randomMatrix(8, 16, 1);
        const layer = new LinearLayer({ weight: tensorOfValues(w.data, dtype, [8, 16]) });
        await layer.load();
        const before = layer.weight.values();
        for (const [i, name] of ["a", "b"].entries()) {
          const magnitude = typedTensor(
            denseTensor(
              [8],
              randomMatrix(8, 1, 5 + i).data.map((value) => 3 + Math.abs(value)),
            ),
          );
          const down = {
            dtype: "f32",
            shape: [2, 16],
            data: Float32Array.from(randomMatrix(2, 16, 10 + i).data),
          } as const;
          const up = {
            dtype: "f32",
            shape: [8, 2],
            data: Float32Array.from(randomMatrix(8, 2, 20 + i).data),
          } as const;
          const tensors = variant === dora ? { up, down, magnitude } : { up, down };
          layer.addAdapter(name, { tensors, alpha: 1, variant });
        }
        layer.merge({ adapters: ["a", "b"], keepOriginal: false });
        const { exact, maxError } = layer.unmerge();
        const found = Float64Array.from(layer.weight.values());
        const largest = found.reduce((worst, value, i) => Math.max(worst, Math.abs(value - before[i]!)), 0);
        expect(exact).toBe(false);
        expect(largest).toBeLessThanOrEqual(maxError);
        expect(maxError).toBeLessThan(1000 * Math.max(largest, 2 ** -53));
      }
    },
  );
});

test("singles on a WASM engine give what doubles give, to the digits of singles", async () => {
  const [w, x] = [randomMatrix(40, 64, 1), randomMatrix(5, 64, 2)];
  const layer = new LinearLayer(
    { weight: tensorOfValues(w.data, "f32", [40, 64]) },
    { engine: wasmEngine() },
  );
  await layer.load();
  const factor = (rows: number, cols: number, seed: number): ReturnType<typeof typedTensor> =>
    typedTensor({ shape: [rows, cols], data: Float32Array.from(randomMatrix(rows, cols, seed).data) });
  layer.addAdapter("a", { tensors: { down: factor(4, 64, 3), up: factor(40, 4, 4) }, alpha: 4 });
  layer.setAdapters(["a"]);
  const double = layer.forward({ shape: [5, 64], data: Float64Array.from(Float32Array.from(x.data)) });
  const single = layer.forward({ shape: [5, 64], data: Float32Array.from(x.data) });
  expect(single.data).toBeInstanceOf(Float32Array);
  expect(largestDifference(single.data, double.data)).toBeLessThan(64 * 2 ** -23);
});
