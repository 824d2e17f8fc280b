import { multiply, randomMatrix, wasmEngine } from "@lora/linalg";
import { tensorOfValues } from "@lora/tensor";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ConvolutionLayer } from "./convolution.ts";
import { denseTensor, typedTensor } from "./dense-tensor.ts";
import type { DenseTensor } from "./dense-tensor.ts";
import { dora, rowNorms } from "./dora.ts";
import { largestDifference } from "./goldens.test-helper.ts";
import type { LayerAdapter } from "./layer-adapter.ts";
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

test("a DoRA convolution of two groups is that of the weight with zeros beyond its groups", async () => {
  const values = (shape: readonly number[], seed: number): ReturnType<typeof typedTensor> =>
    typedTensor(denseTensor(shape, randomMatrix(shape[0]!, shape[1]!, seed).data));
  const [w, up, down] = [values([4, 2, 1, 1], 1), values([4, 1, 1, 1], 2), values([2, 4, 1, 1], 3)];
  const magnitude = typedTensor(denseTensor([4], [1, 2, 3, 4]));
  const spread = (data: ArrayLike<number>, width: number): number[] =>
    Array.from({ length: 8 * width }, (_, at) => {
      const [out, column] = [Math.floor(at / (2 * width)), at % (2 * width)];
      return Math.floor(column / width) === Math.floor(out / 2) ? data[out * width + (column % width)]! : 0;
    });
  const outputs = [
    { groups: 2, weight: w.data, tensors: { up, down, magnitude } },
    {
      groups: 1,
      weight: spread(w.data, 2),
      tensors: { up: typedTensor(denseTensor([4, 2, 1, 1], spread(up.data, 1))), down, magnitude },
    },
  ].map(async ({ groups, weight, tensors }) => {
    const shape = [4, 4 / groups, 1, 1];
    const layer = new ConvolutionLayer({ weight: tensorOfValues(weight, "f64", shape) }, { groups });
    await layer.load();
    layer.addAdapter("a", { tensors, alpha: 3, variant: dora });
    layer.setAdapters(["a"]);
    return layer.forward(denseTensor([2, 4, 3, 1], randomMatrix(8, 3, 4).data)).data;
  });
  const [grouped, whole] = await Promise.all(outputs);
  expect(largestDifference(grouped!, whole!)).toBeLessThan(1e-13);
});

test("norms that come out of the base product are those that are made alone", async () => {
  const layer = new LinearLayer({ weight: tensorOfValues(randomMatrix(6, 9, 1).data, "f64", [6, 9]) });
  await layer.load();
  const tensor = (shape: readonly number[], data: ArrayLike<number>): ReturnType<typeof typedTensor> =>
    typedTensor(denseTensor(shape, Float64Array.from(data)));
  const tensors = {
    down: tensor([2, 9], randomMatrix(2, 9, 2).data),
    up: tensor([6, 2], randomMatrix(6, 2, 3).data),
    magnitude: tensor([6], [1, 2, 3, 4, 5, 6]),
  };
  const x = denseTensor([4, 9], randomMatrix(4, 9, 4).data);
  const run = (before: (adapter: LayerAdapter) => void): DenseTensor["data"] => {
    layer.addAdapter("a", { tensors, alpha: 2, variant: dora });
    layer.setAdapters(["a"]);
    before(layer.adapters.get("a")!);
    return layer.forward(x).data;
  };
  const [together, alone] = [run(() => undefined), run((adapter) => layer.norms(adapter))];
  expect(largestDifference(together, alone)).toBeLessThan(1e-13);
});
