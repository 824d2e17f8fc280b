import { bytesSource, memorySink, openSource, writeSafetensors } from "@lora/io";
import { type Matrix, singularValues } from "@lora/linalg";
import { loadDelta, readAdapter } from "@lora/peft";
import { readValues, tensorFile, type TensorFile, tensorOfBytes, tensorOfValues } from "@lora/tensor";
import { describe, expect, test } from "vitest";
import { denseUpdate, kohyaFile, type MadeModule } from "../adapters.test-helper.ts";
import { resize, type ResizeFlags, type ResizeReport, resizeTasks } from "../index.ts";
import { norm } from "../arithmetic.ts";
import type { FactorDType } from "./stored-dtype.ts";

const LINEAR: MadeModule = { out: 24, in: 18, rank: 8, alpha: 4 };
const CONV: MadeModule = { out: 12, in: 6, rank: 6, kernel: 3, alpha: 6 };
const NAMES = ["lora_unet_a_to_q", "lora_unet_b_conv"];
const FILE = (): TensorFile =>
  kohyaFile({ [NAMES[0]!]: LINEAR, [NAMES[1]!]: CONV }, { ss_network_dim: "8", ss_network_alpha: "4.0" });

interface Written {
  readonly file: TensorFile;
  readonly bytes: number;
  readonly report: ResizeReport;
}

async function resized(
  input: TensorFile,
  flags: ResizeFlags,
  options: { dtype?: FactorDType } = {},
): Promise<Written> {
  const [output] = await resize(input, { tasks: resizeTasks(flags), ...options });
  const sink = memorySink();
  const bytes = await writeSafetensors(output!.file, sink);
  await sink.commit();
  const file = await openSource(bytesSource(sink.bytes!, "small.safetensors"));
  return { file, bytes, report: output!.report({ path: "small.safetensors", bytes }) };
}

async function update(file: TensorFile, name: string): Promise<Matrix> {
  const adapter = await readAdapter(file);
  const delta = await loadDelta(adapter.modules.find((module) => module.name === name)!);
  const { up, down } = delta.factors();
  const data = new Float64Array(up.rows * down.cols);
  for (let i = 0; i < up.rows; i++) {
    for (let j = 0; j < down.cols; j++) {
      for (let k = 0; k < up.cols; k++)
        data[i * down.cols + j]! += up.data[i * up.cols + k]! * down.data[k * down.cols + j]!;
    }
  }
  return { rows: up.rows, cols: down.cols, data };
}

function difference(a: Matrix, b: Matrix): Matrix {
  return { ...a, data: Float64Array.from(a.data, (value, index) => value - b.data[index]!) };
}

describe("the error of a resize", () => {
  test.each([
    [NAMES[0]!, LINEAR, 1],
    [NAMES[1]!, CONV, 2],
  ])("is that of the truncated SVD, the least there is: %s", async (name, made, seed) => {
    const { file, report } = await resized(FILE(), { rank: 3 });
    const dense = denseUpdate(made, seed);
    const s = singularValues(dense);
    const error = singularValues(difference(dense, await update(file, name)));
    expect(norm(error) / norm(s.subarray(3))).toBeCloseTo(1, 5);
    const row = report.modules.find((module) => module.name === name)!;
    expect(row.relativeErrorFrobenius! / (norm(error) / norm(s))).toBeCloseTo(1, 9);
    expect(row.relativeErrorSpectral! / (error[0]! / s[0]!)).toBeCloseTo(1, 6);
  });

  test.each([
    ["f16", 2 ** -11],
    ["bf16", 2 ** -8],
  ] as const)("counts the rounding to %s", async (dtype, roundoff) => {
    const { file, report } = await resized(FILE(), { rank: 8 }, { dtype });
    const dense = denseUpdate(LINEAR, 1);
    const measured = norm(difference(dense, await update(file, NAMES[0]!)).data) / norm(dense.data);
    expect(report.modules[0]!.relativeErrorFrobenius! / measured).toBeCloseTo(1, 6);
    expect(measured).toBeGreaterThan(0);
    expect(measured).toBeLessThan(2 * roundoff);
  });
});

describe("what is written", () => {
  test("keeps names, kernel shapes and the ratio alpha / rank", async () => {
    const { file } = await resized(FILE(), { rank: 3, convRank: 2 });
    const [linear, conv] = NAMES;
    expect([...file.tensors].map(([name, { shape }]) => [name, shape])).toEqual([
      [`${linear}.alpha`, []],
      [`${linear}.lora_down.weight`, [3, 18]],
      [`${linear}.lora_up.weight`, [24, 3]],
      [`${conv}.alpha`, []],
      [`${conv}.lora_down.weight`, [2, 6, 3, 3]],
      [`${conv}.lora_up.weight`, [12, 2, 1, 1]],
    ]);
    expect([...(await readValues(file.tensors.get(`${linear}.alpha`)!))]).toEqual([1.5]); // 4 / 8 = 1.5 / 3
    expect([...(await readValues(file.tensors.get(`${conv}.alpha`)!))]).toEqual([2]);
  });

  test("has up and down of equal norm, pair by pair", async () => {
    const { file } = await resized(FILE(), { rank: 4 });
    const up = await readValues(file.tensors.get(`${NAMES[0]}.lora_up.weight`)!);
    const down = await readValues(file.tensors.get(`${NAMES[0]}.lora_down.weight`)!);
    for (let pair = 0; pair < 4; pair++) {
      const column = up.filter((_, index) => index % 4 === pair);
      expect(norm(column) / norm(down.subarray(pair * 18, (pair + 1) * 18))).toBeCloseTo(1, 6);
    }
  });

  test("says in its metadata how it was made", async () => {
    const { file } = await resized(FILE(), { recipe: "spn_lora=1,thr=-0.5" });
    expect(JSON.parse(file.metadata.get("resize_params")!)).toMatchObject({
      recipe_str: "spn_lora=1,thr=-0.5",
      threshold: -0.5,
    });
  });

  test("brings the trainer's metadata up to date", async () => {
    const { file } = await resized(FILE(), { rank: 3, convRank: 2 });
    expect(file.metadata.get("ss_network_dim")).toBe("Dynamic");
    expect(file.metadata.get("ss_training_comment")).toBe("dimension is resized from 6-8 to 2-3");
  });

  test("carries tensors of no module over byte for byte, in types nobody knows", async () => {
    const odd = {
      ...tensorOfBytes(Uint8Array.of(1, 2, 3), "u8", [3]),
      dtype: "opaque" as const,
      storedAs: "F4_X",
    };
    const input = tensorFile({
      name: "made.safetensors",
      tensors: [
        ["bundle_emb.x.weird", odd],
        ...FILE().tensors,
        ["note", tensorOfValues([1, 2], "bf16", [2])],
      ],
    });
    const { file, report } = await resized(input, { rank: 2 });
    expect(await file.tensors.get("bundle_emb.x.weird")!.bytes()).toEqual(Uint8Array.of(1, 2, 3));
    expect(file.tensors.get("bundle_emb.x.weird")!.storedAs).toBe("F4_X");
    expect(report.passedThrough.map(({ name }) => name)).toEqual(["bundle_emb.x.weird", "note"]);
  });

  test("is multiplied where a recipe says rescale", async () => {
    const { file, report } = await resized(FILE(), { recipe: "spn_lora=1,thr=-9,rescale=0.5" });
    const half = { ...denseUpdate(LINEAR, 1), data: denseUpdate(LINEAR, 1).data.map((value) => value / 2) };
    expect(norm(difference(half, await update(file, NAMES[0]!)).data) / norm(half.data)).toBeLessThan(1e-6);
    expect(report.relativeErrorFrobenius).toBeLessThan(1e-6);
  });
});

test("a module that keeps its rank and type is carried over byte for byte", async () => {
  const input = FILE();
  const { file, report } = await resized(input, { rank: 7 });
  const [linear, conv] = report.modules;
  expect(conv).toEqual({
    name: NAMES[1],
    rankBefore: 6,
    rankAfter: 6,
    relativeErrorFrobenius: 0,
    relativeErrorSpectral: 0,
  });
  expect(linear!.relativeErrorFrobenius).toBeGreaterThan(0);
  for (const part of ["alpha", "lora_up.weight", "lora_down.weight"]) {
    const name = `${NAMES[1]}.${part}`;
    expect(await file.tensors.get(name)!.bytes()).toEqual(await input.tensors.get(name)!.bytes());
  }
});

describe("a target size", () => {
  test.each([0.0019, 0.0024, 0.0034])(
    "of %f MiB is never exceeded, and the next pair would not fit",
    async (sizeMiB) => {
      const { bytes, report } = await resized(FILE(), { recipe: `spn_lora=1,size=${sizeMiB}` });
      expect(bytes).toBeLessThanOrEqual(sizeMiB * 2 ** 20);
      const largestPair = 4 * (12 + 6 * 9) + 60; // floats of a conv pair, and digits the header may grow by
      expect(bytes + largestPair + 40).toBeGreaterThan(sizeMiB * 2 ** 20);
      expect(report.output.rank.total).toBeGreaterThan(0);
    },
  );

  test("larger than the file keeps everything", async () => {
    const { report } = await resized(FILE(), { recipe: "spn_lora=1,size=1" });
    expect(report.output.rank.total).toBe(14);
  });
});

test("several recipes make several files from one decomposition", async () => {
  const outputs = await resize(FILE(), {
    tasks: resizeTasks({ recipe: "spn_lora=1,thr=-1:fro_lora=1,thr=-2" }),
  });
  expect(outputs.map(({ suffix }) => suffix)).toEqual(["_spnlora1_th-1", "_frolora1_th-2"]);
});

test("a module that loses all pairs is left out and named", async () => {
  const zero = tensorOfValues(new Float64Array(24 * 8), "f32", [24, 8]);
  const tensors = [...FILE().tensors].map(
    ([name, tensor]) => [name, name === `${NAMES[0]}.lora_up.weight` ? zero : tensor] as const,
  );
  const { file, report } = await resized(tensorFile({ name: "made.safetensors", tensors }), { energy: 0.9 });
  expect(report.dropped).toEqual([{ name: NAMES[0], reason: "its update is zero" }]);
  expect([...file.tensors.keys()].every((name) => name.startsWith(NAMES[1]!))).toBe(true);
});

test("a report cannot be had before the file is written", async () => {
  const [output] = await resize(FILE(), { tasks: resizeTasks({ rank: 2 }) });
  expect(() => output!.report({ path: "x", bytes: 1 })).toThrow(
    /asked for before module lora_unet_a_to_q was written/,
  );
});

test("factors too large for f16 are refused with the value", async () => {
  const huge = tensorFile({
    name: "made.safetensors",
    tensors: [
      ["lora_unet_x.lora_down.weight", tensorOfValues([1e9], "f32", [1, 1])],
      ["lora_unet_x.lora_up.weight", tensorOfValues([1e9], "f32", [1, 1])],
    ],
  });
  await expect(resized(huge, { rank: 1 }, { dtype: "f16" })).rejects.toThrow(
    "1000000000 is too large for f16",
  );
});

test("a rule that reads the base says so when there is none", async () => {
  await expect(resized(FILE(), { recipe: "fro_ckpt=1,thr=-3.5" })).rejects.toThrow(
    /reads the base model \(frobeniusNorm\)/,
  );
});

describe("the rules a user may name", () => {
  test.each([
    [{}, /exactly one rule must choose the ranks, 0 are given/],
    [{ rank: 4, energy: 0.9 }, /exactly one rule must choose the ranks, 2 are given/],
    [{ svFro: 1.5 }, /--sv-fro: share must be above 0 and at most 1, it is 1.5/],
    [{ energy: 0.9, kohyaPlusOne: true }, /off-by-one exists only for its own three rules/],
  ] satisfies [ResizeFlags, RegExp][])("%o is refused", (flags, message) => {
    expect(() => resizeTasks(flags)).toThrow(message);
  });
});
