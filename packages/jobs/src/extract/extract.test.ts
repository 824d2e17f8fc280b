import { multiply, randomMatrix } from "@lora/linalg";
import {
  decode,
  type DType,
  elementCount,
  LoraError,
  type Shape,
  tensorFile,
  type TensorFile,
  tensorOfValues,
} from "@lora/tensor";
import { expect, test } from "vitest";
import { merge } from "../merge/merge.ts";
import { extract, type ExtractOptions } from "./extract.ts";

const written = { path: "out", bytes: 1 };

/** A weight, and the same with rank-4 changes of falling size and a little noise. */
function pairOf(shape: Shape, seed: number, noise = 0): { before: Float64Array; after: Float64Array } {
  const [rows = 0, ...inner] = shape;
  const cols = elementCount(inner);
  const before = randomMatrix(rows, cols, seed).data;
  const [up, down] = [randomMatrix(rows, 4, seed + 1), randomMatrix(4, cols, seed + 2)];
  up.data.forEach((value, i) => (up.data[i] = value * 0.3 ** (i % 4)));
  const change = multiply(up, down).data;
  const rest = randomMatrix(rows, cols, seed + 3).data;
  return { before, after: before.map((value, i) => value + 0.1 * change[i]! + noise * rest[i]!) };
}

const SHAPES: Readonly<Record<string, Shape>> = {
  "model.embed_tokens.weight": [40, 24],
  "model.layers.0.q_proj.weight": [48, 24],
  "model.conv.weight": [12, 6, 3, 3],
  "model.small.weight": [3, 5],
};

function models(dtype: DType, noise = 0): { base: TensorFile; tuned: TensorFile } {
  const [base, tuned] = [false, true].map((after) =>
    tensorFile({
      name: after ? "tuned" : "base",
      tensors: [
        ...Object.entries(SHAPES).map(([name, shape], i) => {
          const pair = pairOf(shape, 10 * i, noise);
          return [name, tensorOfValues(after ? pair.after : pair.before, dtype, shape)] as const;
        }),
        ["model.same.weight", tensorOfValues(pairOf([6, 6], 99).before, dtype, [6, 6])],
        ["model.norm.weight", tensorOfValues(after ? [1, 2, 4] : [1, 2, 3], dtype, [3])],
      ],
    }),
  );
  return { base: base!, tuned: tuned! };
}

async function valuesOf(file: TensorFile, name: string): Promise<Float64Array> {
  const { dtype, shape, bytes } = file.tensors.get(name)!;
  const values = new Float64Array(elementCount(shape));
  decode(await bytes(), dtype, values);
  return values;
}

test.each([
  ["a rank", { rank: 2 }, 0, 0.15],
  ["all there is", { rank: 4 }, 0, 1e-6],
  ["an error", { error: 0.05 }, 0, 0.05],
  ["an energy", { energy: 0.99 }, 0.001, 0.1],
] as const)(
  "merged into its base, what %s keeps is the tuned model to the error that is stated",
  async (_, rule, noise, most) => {
    const { base, tuned } = models("f32", noise);
    const { file, report } = await extract({ base, tuned }, rule);
    const { weights, unchanged, rest } = report(written);
    expect(weights.map(({ name }) => name)).toEqual(Object.keys(SHAPES));
    expect([unchanged, rest]).toEqual([1, [{ name: "model.norm.weight", frobenius: 1, kept: false }]]);
    const merged = await merge(base, { adapters: [{ file }] });
    expect(merged.report({ ...written, files: [], resumed: [] }).modules).toHaveLength(4);
    for (const { name, frobenius, relativeErrorFrobenius } of weights) {
      const [is, wanted] = [await valuesOf(merged.file, name), await valuesOf(tuned, name)];
      const error = Math.hypot(...is.map((value, i) => value - wanted[i]!)) / frobenius;
      // Merging rounds values of about 1 to f32.
      expect(Math.abs(error - relativeErrorFrobenius)).toBeLessThanOrEqual(1e-5);
      expect(relativeErrorFrobenius).toBeLessThanOrEqual(most);
    }
  },
);

test("an error is met with the smallest rank", async () => {
  const at = async (
    options: ExtractOptions,
  ): Promise<readonly { rank: number; relativeErrorFrobenius: number }[]> =>
    (await extract(models("f32"), options)).report(written).weights;
  for (const { rank } of await at({ error: 0.05 })) expect(rank).toBeGreaterThan(1);
  const chosen = await at({ error: 0.05 });
  for (const [i, { rank }] of chosen.entries()) {
    const fewer = (await at({ rank: rank - 1 }))[i]!;
    expect(fewer.relativeErrorFrobenius).toBeGreaterThan(0.05);
  }
  for (const { rank } of await at({ error: 0.05, maxRank: 1 })) expect(rank).toBe(1);
});

test("norms are kept whole where that is asked for, and a merge puts them in", async () => {
  const { base, tuned } = models("bf16");
  const { file, report } = await extract({ base, tuned }, { rank: 4, keepRest: true });
  expect(report(written).rest).toEqual([{ name: "model.norm.weight", frobenius: 1, kept: true }]);
  const merged = await merge(base, { adapters: [{ file }] });
  expect([...(await valuesOf(merged.file, "model.norm.weight"))]).toEqual([1, 2, 4]);
  expect(merged.report({ ...written, files: [], resumed: [] }).leftOut).toEqual([]);
});

test("equal models have no adapter, and the same seed gives the same bytes", async () => {
  const { base, tuned } = models("f16");
  const same = await extract({ base, tuned: base }, { rank: 2 });
  expect(same.file.tensors.size).toBe(0);
  expect(same.report(written)).toMatchObject({ unchanged: 5, relativeErrorFrobenius: 0 });
  const [one, two] = [
    await extract({ base, tuned }, { rank: 2 }),
    await extract({ base, tuned }, { rank: 2 }),
  ];
  for (const [name, tensor] of one.file.tensors)
    expect(await tensor.bytes()).toEqual(await two.file.tensors.get(name)!.bytes());
});

const one = (name: string, shape: Shape, values: number[]): TensorFile =>
  tensorFile({ name, tensors: [["w.weight", tensorOfValues(values, "f32", shape)]] });

test.each([
  [
    {},
    one("b", [1, 2], [1, 2]),
    "USAGE",
    "exactly one of rank, energy and error says what is kept, 0 are given",
  ],
  [{ rank: 0 }, one("b", [1, 2], [1, 2]), "USAGE", "rank is a whole number above 0, not 0"],
  [{ energy: 1.5 }, one("b", [1, 2], [1, 2]), "USAGE", "energy is a share above 0 and at most 1, not 1.5"],
  [{ rank: 1 }, one("b", [2, 2], [1, 2, 3, 4]), "SHAPE", "the tuned weight is 1 × 2, that of the base 2 × 2"],
  [
    { rank: 1 },
    one("b", [1, 2], [1, Number.NaN]),
    "NUMERIC",
    "the difference of the weights holds NaN or infinity",
  ],
  [
    { rank: 1 },
    tensorFile({ name: "b", tensors: [] }),
    "MISSING",
    "the two models have no tensor of the same name",
  ],
] as const)("%o of %o is refused", async (options, base, code, message) => {
  const error = await extract({ base, tuned: one("t", [1, 2], [1, 3]) }, options).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(LoraError);
  expect([(error as LoraError).code, (error as LoraError).message]).toEqual([code, message]);
});
