import { existsSync } from "node:fs";
import path from "node:path";
import { openFile } from "@lora/io/node";
import { randomMatrix } from "@lora/linalg";
import { readAdapter } from "@lora/peft";
import {
  type LazyTensor,
  readValues,
  type Shape,
  tensorFile,
  type TensorFile,
  tensorOfValues,
} from "@lora/tensor";
import { describe, expect, test } from "vitest";
import { convert, type ConvertOptions, type ConvertReport, merge } from "../index.ts";

const PLACE = { path: "out", bytes: 1 };
const NAME = "lora_unet_mid_block_attentions_0_proj_in";
const WEIGHT = "mid_block.attentions.0.proj_in.weight";

type Values = Readonly<Record<string, readonly [shape: Shape, values: ArrayLike<number>]>>;

function fileOf(stored: Values, config?: unknown): TensorFile {
  const tensors = Object.entries(stored).map(
    ([key, [shape, values]]) => [key, tensorOfValues(values, "f32", shape)] as const,
  );
  const sidecars: [string, string][] =
    config === undefined ? [] : [["adapter_config.json", JSON.stringify(config)]];
  return tensorFile({ name: "adapter.safetensors", tensors, sidecars });
}

const random = (rows: number, cols: number, seed: number): readonly [Shape, ArrayLike<number>] => [
  [rows, cols],
  randomMatrix(rows, cols, seed).data,
];

async function converted(file: TensorFile, options: ConvertOptions): Promise<[TensorFile, ConvertReport]> {
  const output = await convert(file, options);
  return [output.file, await output.verify(output.file, PLACE)];
}

async function mergedWeight(base: TensorFile, file: TensorFile, weight = WEIGHT): Promise<number[]> {
  const output = await merge(base, { adapters: [{ file }] });
  return [...(await readValues(output.file.tensors.get(weight)!, { as: "f64" }))];
}

const BASE = fileOf({ [WEIGHT]: random(6, 4, 1) });
/** (I + q)·(I − q)⁻¹ of (0 ½; −½ 0) on the first two rows. */
const BLOCKS = [0, 0.5, -0.5, 0, 0, 0, 0, 0, 0, 0, 0, 0];

describe("with the base it becomes the plain LoRA that merges to the same weight", () => {
  test.each<[string, Values, number]>([
    ["OFT of one block in three: rank 2", { [`${NAME}.oft_blocks`]: [[3, 2, 2], BLOCKS] }, 2],
    ["BOFT of one factor", { [`${NAME}.oft_blocks`]: [[1, 3, 2, 2], BLOCKS] }, 2],
    [
      "(IA)³ of LyCORIS on one input: rank 1",
      { [`${NAME}.weight`]: [[4], [0, 2, 0, 0]], [`${NAME}.on_input`]: [[], [1]] },
      1,
    ],
    [
      "DoRA where it has no place",
      {
        [`${NAME}.lora_up.weight`]: random(6, 2, 2),
        [`${NAME}.lora_down.weight`]: random(2, 4, 3),
        [`${NAME}.dora_scale`]: [
          [6, 1],
          [1, 2, 3, 4, 5, 6],
        ],
      },
      4,
    ],
    [
      "DoRA of inputs",
      {
        [`${NAME}.lora_up.weight`]: random(6, 2, 2),
        [`${NAME}.lora_down.weight`]: random(2, 4, 3),
        [`${NAME}.dora_scale`]: [
          [1, 4],
          [1, 2, 3, 4],
        ],
      },
      4,
    ],
  ])("%s", async (_, stored, rank) => {
    const file = fileOf(stored);
    const to = "diffusers-legacy";
    const [plain, report] = await converted(file, { to, base: BASE, error: 1e-7 });
    expect(report).toMatchObject({ passed: true, magnitudes: [], dropped: [], modules: [{ rank }] });
    const [wanted, found] = await Promise.all([mergedWeight(BASE, file), mergedWeight(BASE, plain)]);
    found.forEach((value, index) => expect(value).toBeCloseTo(wanted[index]!, 5));
  });

  test("GLoRA at twice its rank, asked for or not", async () => {
    const file = fileOf({
      [`${NAME}.a1.weight`]: random(4, 1, 2),
      [`${NAME}.a2.weight`]: random(1, 4, 3),
      [`${NAME}.b1.weight`]: random(6, 1, 4),
      [`${NAME}.b2.weight`]: random(1, 4, 5),
    });
    const [plain, report] = await converted(file, { to: "kohya", base: BASE });
    expect(report).toMatchObject({ passed: true, approximated: [], unfolded: [{ kind: "glora", rank: 2 }] });
    const [wanted, found] = await Promise.all([mergedWeight(BASE, file), mergedWeight(BASE, plain)]);
    found.forEach((value, index) => expect(value).toBeCloseTo(wanted[index]!, 5));
  });

  test("what a lower rank leaves out is measured, and told", async () => {
    const file = fileOf({
      [`${NAME}.oft_blocks`]: [
        [3, 2, 2],
        [0, 0.5, -0.5, 0, 0, 0.2, -0.2, 0, 0, 1, -1, 0],
      ],
    });
    const [, report] = await converted(file, { to: "kohya", base: BASE, rank: 1 });
    const [one] = report.approximated;
    expect(one).toMatchObject({ exactRank: 4, rank: 1 });
    expect(report.modules[0]!.relativeErrorFrobenius! / one!.leftOut).toBeCloseTo(1, 5);
    expect(report.passed).toBe(true);
  });

  test("an update of nothing is a pair of zeros", async () => {
    const file = fileOf({ [`${NAME}.oft_blocks`]: [[3, 2, 2], new Float32Array(12)] });
    const [, report] = await converted(file, { to: "kohya", base: BASE, rank: 2 });
    expect(report).toMatchObject({ passed: true, modules: [{ rank: 1, relativeErrorFrobenius: 0 }] });
  });
});

describe("magnitudes are carried over as they are", () => {
  const dora = fileOf({
    [`${NAME}.lora_up.weight`]: random(6, 2, 2),
    [`${NAME}.lora_down.weight`]: random(2, 4, 3),
    [`${NAME}.alpha`]: [[], [1]],
    [`${NAME}.dora_scale`]: [
      [6, 1],
      [1, 2, 3, 4, 5, 6],
    ],
  });

  test.each([
    ["peft", "base_model.model.mid_block.attentions.0.proj_in.lora_magnitude_vector", [6]],
    ["diffusers", "unet.mid_block.attentions.0.proj_in.lora_magnitude_vector", [6]],
    ["kohya", `${NAME}.dora_scale`, [6, 1]],
  ])("to %s, and back", async (to, name, shape) => {
    const [there, report] = await converted(dora, { to });
    expect(report).toMatchObject({ passed: true, dropped: [], relativeErrorFrobenius: 0, warnings: [] });
    expect(report.magnitudes).toHaveLength(1);
    expect(there.tensors.get(name)).toMatchObject({ shape, dtype: "f32" });
    const [back] = await converted(there, { to: "kohya" });
    expect([...(await readValues(back.tensors.get(`${NAME}.dora_scale`)!))]).toEqual([1, 2, 3, 4, 5, 6]);
    const [wanted, found] = await Promise.all([mergedWeight(BASE, dora), mergedWeight(BASE, there)]);
    found.forEach((value, index) => expect(value).toBeCloseTo(wanted[index]!, 5));
    if (to === "peft") expect(there.sidecars.get("adapter_config.json")).toContain('"use_dora": true');
  });

  test("of a convolution they have the axes of its kernel, in PEFT outputs second", async () => {
    const file = fileOf({
      "lora_unet_conv_in.lora_up.weight": [
        [3, 1, 1, 1],
        [1, 2, 3],
      ],
      "lora_unet_conv_in.lora_down.weight": [
        [1, 1, 3, 3],
        [1, 2, 3, 4, 5, 6, 7, 8, 9],
      ],
      "lora_unet_conv_in.dora_scale": [
        [3, 1, 1, 1],
        [7, 8, 9],
      ],
    });
    const [peft] = await converted(file, { to: "peft" });
    const name = "base_model.model.conv_in.lora_magnitude_vector";
    expect(peft.tensors.get(name)!.shape).toEqual([1, 3, 1, 1]);
    const [back, report] = await converted(peft, { to: "kohya" });
    expect(report.passed).toBe(true);
    expect(back.tensors.get("lora_unet_conv_in.dora_scale")!.shape).toEqual([3, 1, 1, 1]);
  });

  test("split and joined with the rows they belong to", async () => {
    const width = 4;
    const block = "transformer.transformer_blocks.0.attn";
    const entries = ["to_q", "to_k", "to_v"].flatMap((part, index): [string, LazyTensor][] => [
      [`${block}.${part}.lora_A.weight`, tensorOfValues(randomMatrix(1, width, 7).data, "f32", [1, width])],
      [
        `${block}.${part}.lora_B.weight`,
        tensorOfValues(randomMatrix(width, 1, index).data, "f32", [width, 1]),
      ],
      [
        `${block}.${part}.lora_magnitude_vector`,
        tensorOfValues(
          [1, 2, 3, 4].map((value) => 10 * index + value),
          "f32",
          [width],
        ),
      ],
    ]);
    const file = tensorFile({
      name: "flux",
      tensors: entries,
      metadata: [["ss_base_model_version", "flux1"]],
    });
    const [kohya] = await converted(file, { to: "kohya" });
    const joined = kohya.tensors.get("lora_unet_double_blocks_0_img_attn_qkv.dora_scale")!;
    expect([...(await readValues(joined))]).toEqual([1, 2, 3, 4, 11, 12, 13, 14, 21, 22, 23, 24]);
    const [again, report] = await converted(kohya, { to: "diffusers" });
    expect(report).toMatchObject({ passed: true });
    expect([...(await readValues(again.tensors.get(`${block}.to_k.lora_magnitude_vector`)!))]).toEqual([
      11, 12, 13, 14,
    ]);
  });

  test("a magnitude that the file has not is a difference", async () => {
    const output = await convert(dora, { to: "kohya" });
    const tensors = [...output.file.tensors].filter(([name]) => !name.endsWith("dora_scale"));
    const report = await output.verify(tensorFile({ name: "less", tensors }), PLACE);
    expect(report).toMatchObject({ passed: false, modules: [{ relativeErrorFrobenius: 1 }] });
  });

  test("one that is not finite is refused", async () => {
    const broken = tensorFile({
      ...dora,
      tensors: [
        ...dora.tensors,
        [`${NAME}.dora_scale`, tensorOfValues([1, 2, 3, 4, 5, Number.NaN], "f32", [6, 1])],
      ],
    });
    await expect(convert(broken, { to: "kohya" })).rejects.toThrow("magnitude 5 is NaN");
  });
});

describe("what is refused", () => {
  const oft = fileOf({ [`${NAME}.oft_blocks`]: [[3, 2, 2], BLOCKS] });
  const perInput = fileOf({
    [`${NAME}.lora_up.weight`]: random(6, 2, 2),
    [`${NAME}.lora_down.weight`]: random(2, 4, 3),
    [`${NAME}.dora_scale`]: [
      [1, 4],
      [1, 2, 3, 4],
    ],
  });
  const vector = fileOf({ [`${NAME}.weight`]: [[4], [0, 2, 0, 0]], [`${NAME}.on_input`]: [[], [1]] });
  const without = "is no plain LoRA without the weight that it changes";
  test.each<[TensorFile, ConvertOptions, string, string]>([
    [oft, { to: "kohya" }, "UNSUPPORTED", `OFT ${without}`],
    [vector, { to: "kohya" }, "UNSUPPORTED", `(IA)³ of LyCORIS ${without}`],
    [perInput, { to: "peft" }, "UNSUPPORTED", `DoRA ${without}`],
    [oft, { to: "kohya", base: BASE }, "USAGE", "what is changed by OFT is no product of low rank"],
    [
      oft,
      { to: "kohya", base: fileOf({ "other.weight": random(6, 4, 1) }), rank: 1 },
      "MISSING",
      "a module needs its weight: the base has no weight of this name",
    ],
  ])("%#", async (file, options, code, message) => {
    await expect(convert(file, options)).rejects.toMatchObject({ code, message });
  });
});

test("metadata stay, and say what the file was made from; in GGUF only those of llama.cpp", async () => {
  const file = {
    ...fileOf({ [`${NAME}.oft_blocks`]: [[3, 2, 2], BLOCKS] }),
    metadata: new Map([["ss_tag", "x"]]),
  };
  const [made] = await converted(file, { to: "kohya", base: BASE, rank: 2 });
  expect(made.metadata.get("ss_tag")).toBe("x");
  expect(JSON.parse(made.metadata.get("lora.provenance")!)).toMatchObject({
    job: "convert",
    options: { to: "kohya", rank: 2 },
    inputs: [{ name: "adapter.safetensors" }],
    models: [{ name: "adapter.safetensors" }],
  });
});

const data = path.resolve(import.meta.dirname, "../../../..", process.env["LORA_DATA"] ?? "../shared/data");

describe.skipIf(!existsSync(data))("(IA)³ adapters that PEFT has saved", () => {
  test.each(["ia3_mlp", "ia3_no_ff_mlp"])(
    "%s becomes a plain LoRA with the weights it was trained on",
    async (name) => {
      const stored = await openFile(path.join(data, "peft-regression/base_mlp_torch_seed0.npz"));
      const tensors = [...stored.tensors].map(([key, tensor]) => [key.replace("_", "."), tensor] as const);
      const base = tensorFile({ name: "base", tensors });
      const file = await openFile(path.join(data, `peft-regression/${name}/0.6.1/adapter_model.bin`));
      const [plain, report] = await converted(file, { to: "peft", base, error: 1e-7 });
      expect(report).toMatchObject({ passed: true, leftOut: [] });
      expect((await readAdapter(plain)).modules.every(({ kind }) => kind === "lora")).toBe(true);
      for (const { name: module } of report.modules) {
        const weight = `${module.replace("base_model.model.", "")}.weight`;
        const [wanted, found] = await Promise.all([
          mergedWeight(base, file, weight),
          mergedWeight(base, plain, weight),
        ]);
        found.forEach((value, index) => expect(value).toBeCloseTo(wanted[index]!, 5));
      }
      await Promise.all([stored.close(), file.close()]);
    },
  );
});
