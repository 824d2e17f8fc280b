import { bytesSource, memorySink, openSource, writeGguf } from "@lora/io";
import { randomMatrix, stackRows } from "@lora/linalg";
import { readAdapter } from "@lora/peft";
import { type LazyTensor, readValues, tensorFile, type TensorFile, tensorOfValues } from "@lora/tensor";
import { describe, expect, test } from "vitest";
import { kohyaFile } from "../adapters.test-helper.ts";
import { convert, type ConvertOptions, type ConvertReport, ggufContent } from "../index.ts";

const PLACE = { path: "out", bytes: 1 };

async function converted(file: TensorFile, options: ConvertOptions): Promise<[TensorFile, ConvertReport]> {
  const output = await convert(file, options);
  return [output.file, await output.verify(output.file, PLACE)];
}

/** Pairs under these module names, in diffusers' spelling. */
function pairs(
  modules: Readonly<Record<string, { up: ReturnType<typeof randomMatrix>; down: typeof SHARED }>>,
): TensorFile {
  const tensors = Object.entries(modules).flatMap(([name, { up, down }]): [string, LazyTensor][] => [
    [`${name}.lora_A.weight`, tensorOfValues(down.data, "f64", [down.rows, down.cols])],
    [`${name}.lora_B.weight`, tensorOfValues(up.data, "f64", [up.rows, up.cols])],
  ]);
  return tensorFile({ name: "pairs.safetensors", tensors, metadata: [["ss_base_model_version", "flux1"]] });
}

const WIDTH = 6;
const SHARED = randomMatrix(2, WIDTH, 1);
const ATTENTION = "transformer.transformer_blocks.0.attn";

describe("a fused layer", () => {
  const up = [2, 3, 4].map((seed) => randomMatrix(WIDTH, 2, seed));
  const parts = ["to_q", "to_k", "to_v"].map((part) => `${ATTENTION}.${part}`);

  test("of parts with one down keeps their rank, and comes apart again bit for bit", async () => {
    const file = pairs(Object.fromEntries(parts.map((name, i) => [name, { up: up[i]!, down: SHARED }])));
    const [kohya, report] = await converted(file, { to: "kohya" });
    const name = "lora_unet_double_blocks_0_img_attn_qkv";
    expect(report.joined).toEqual([{ name, rank: 2, sharesDown: true }]);
    expect(await readValues(kohya.tensors.get(`${name}.lora_up.weight`)!)).toEqual(stackRows(up).data);
    expect(await readValues(kohya.tensors.get(`${name}.lora_down.weight`)!)).toEqual(SHARED.data);
    const [again, back] = await converted(kohya, { to: "diffusers" });
    expect(back.split).toEqual([{ name, into: parts }]);
    for (const [key, tensor] of file.tensors)
      expect(await readValues(again.tensors.get(key)!)).toEqual(await readValues(tensor));
  });

  test("of parts with downs of their own has the sum of their ranks; apart again each has its own, and one zero pair what had none", async () => {
    const down = [5, 6].map((seed) => randomMatrix(2, WIDTH, seed));
    const some = { [parts[0]!]: { up: up[0]!, down: down[0]! }, [parts[2]!]: { up: up[2]!, down: down[1]! } };
    const [kohya, report] = await converted(pairs(some), { to: "kohya" });
    expect(report.joined).toMatchObject([{ rank: 4, sharesDown: false }]);
    expect(report.relativeErrorFrobenius).toBeLessThan(1e-15);
    const [, back] = await converted(kohya, { to: "diffusers" });
    expect(back.modules.map(({ rank }) => rank)).toEqual([2, 1, 2]);
    expect(back.passed).toBe(true);
  });
});

describe("one scale and one rank for all", () => {
  const file = kohyaFile({
    lora_unet_mid_block_attentions_0_proj_in: { out: 8, in: 6, rank: 4, alpha: 1 },
    lora_unet_mid_block_attentions_0_proj_out: { out: 8, in: 6, rank: 2, alpha: 2, kernel: 3 },
  });

  test("are folded and padded, and the updates stay", async () => {
    const [peft, report] = await converted(file, { to: "peft", padRank: true });
    expect(report.padded).toMatchObject([{ from: 2, to: 4 }]);
    expect(report.folded).toMatchObject([{ factor: 0.25 }]);
    expect(JSON.parse(peft.sidecars.get("adapter_config.json")!)).toMatchObject({
      r: 4,
      lora_alpha: 4,
      rank_pattern: {},
      alpha_pattern: {},
    });
    expect(report).toMatchObject({ passed: true });
    expect(report.relativeErrorFrobenius).toBeLessThan(1e-7);
  });

  test("are not needed in PEFT, whose patterns have the others", async () => {
    const [peft, report] = await converted(file, { to: "peft" });
    expect(report).toMatchObject({ folded: [], padded: [], relativeErrorFrobenius: 0 });
    const config = JSON.parse(peft.sidecars.get("adapter_config.json")!) as Record<string, object>;
    expect([config["rank_pattern"], config["alpha_pattern"]]).toEqual([
      { "mid_block.attentions.0.proj_out": 2 },
      { "mid_block.attentions.0.proj_out": 2 },
    ]);
  });
});

test("factors far apart in size are brought into the range of f16", async () => {
  const name = "lora_unet_mid_block_attentions_0_proj_in";
  const file = tensorFile({
    name: "wide",
    tensors: [
      [`${name}.lora_down.weight`, tensorOfValues([1e-7, 2e-7], "f32", [1, 2])],
      [`${name}.lora_up.weight`, tensorOfValues([4e4, 6e4], "f32", [2, 1])],
    ],
  });
  const [, report] = await converted(file, { to: "peft", dtype: "f16" });
  expect(report.rebalanced).toEqual([{ name: expect.stringContaining("proj_in") as string, exponent: -19 }]);
  expect(report).toMatchObject({ passed: true });
});

test("what is left out on purpose is told, and passes", async () => {
  const file = kohyaFile({ lora_unet_mid_block_attentions_0_proj_in: { out: 12, in: 9, rank: 6 } });
  const [, report] = await converted(file, { to: "diffusers", error: 0.2 });
  const [one] = report.approximated;
  expect(one!.leftOut).toBeLessThanOrEqual(0.2);
  expect(report.modules[0]!.relativeErrorFrobenius! / one!.leftOut).toBeCloseTo(1, 4);
  expect(report.passed).toBe(true);
});

describe("for llama.cpp", () => {
  const base = (config: object): TensorFile =>
    tensorFile({ name: "base", tensors: [], sidecars: [["config.json", JSON.stringify(config)]] });
  const llama = base({ model_type: "llama", num_attention_heads: 2, num_key_value_heads: 1 });
  const [up, down] = [randomMatrix(8, 2, 3), randomMatrix(2, 8, 4)];
  const file = tensorFile({
    name: "adapter",
    tensors: [
      [
        "base_model.model.model.layers.3.self_attn.q_proj.lora_A.weight",
        tensorOfValues(down.data, "f32", [2, 8]),
      ],
      [
        "base_model.model.model.layers.3.self_attn.q_proj.lora_B.weight",
        tensorOfValues(up.data, "f32", [8, 2]),
      ],
    ],
    sidecars: [
      [
        "adapter_config.json",
        JSON.stringify({ peft_type: "LORA", r: 2, lora_alpha: 16, target_modules: ["q_proj"] }),
      ],
    ],
  });

  test("rows of queries go in pairs, and one alpha is a number of the header", async () => {
    const output = await convert(file, { to: "gguf", base: llama });
    const sink = memorySink();
    await writeGguf(sink, ggufContent(output.file));
    await sink.commit();
    const again = await openSource(bytesSource(sink.bytes!, "adapter.gguf"));
    expect(Object.fromEntries(again.metadata)).toEqual({
      "general.type": "adapter",
      "general.architecture": "llama",
      "adapter.type": "lora",
      "adapter.lora.alpha": "16",
    });
    expect([...again.tensors].map(([name, { shape }]) => [name, shape])).toEqual([
      ["blk.3.attn_q.weight.lora_a", [2, 8]],
      ["blk.3.attn_q.weight.lora_b", [8, 2]],
    ]);
    const rows = await readValues(again.tensors.get("blk.3.attn_q.weight.lora_b")!);
    // Of 4 rows a head: 0, 2, 1, 3.
    const order = [0, 2, 1, 3, 4, 6, 5, 7];
    expect([...rows]).toEqual(
      order.flatMap((row) => [...up.data.subarray(2 * row, 2 * row + 2)].map(Math.fround)),
    );
    expect((await output.verify(again, PLACE)).relativeErrorFrobenius).toBe(0);
    const [back] = await converted(again, { to: "peft", base: llama });
    const [module] = (await readAdapter(back)).modules;
    expect(module).toMatchObject({ path: "model.layers.3.self_attn.q_proj", scale: 8 });
    expect(await readValues(module!.parts.get("up")!.tensor)).toEqual(up.data.map(Math.fround));
  });

  test.each([
    [undefined, "names and row order of GGUF depend on the base model's config.json"],
    [base({ model_type: "mamba" }), "the names of mamba models in GGUF are not known here"],
    [base({ model_type: "llama" }), "the number of attention heads is undefined"],
    [
      base({ model_type: "llama", num_attention_heads: 3 }),
      "8 rows of blk.3.attn_q are not 3 heads of even size",
    ],
  ])("a base that does not tell is refused: %#", async (given, message) => {
    await expect(convert(file, { to: "gguf", base: given })).rejects.toThrow(message);
  });
});

describe("what is refused", () => {
  const file = kohyaFile({ lora_unet_some_layer_0_of_mine: { out: 4, in: 4, rank: 2 } });
  const full = tensorFile({
    name: "full",
    tensors: [["lora_unet_mid_block_attentions_0_proj_in.diff", tensorOfValues([1, 2, 3, 4], "f32", [2, 2])]],
  });
  const orphan = tensorFile({
    name: "orphan",
    tensors: [...file.tensors, ["lora_unet_another.dora_scale", tensorOfValues([1, 1, 1, 1], "f32", [4, 1])]],
  });
  test.each<[TensorFile, ConvertOptions, string, string]>([
    [file, { to: "lycoris" }, "UNSUPPORTED", "LyCORIS is read, and not written"],
    [file, { to: "peft" }, "UNSUPPORTED", "peft has no name for lora_unet_some_layer_0_of_mine"],
    [file, { to: "kohya", components: ["te1"] }, "MISSING", "the adapter has no module of te1"],
    [orphan, { to: "kohya" }, "UNSUPPORTED", "DoRA magnitude is no plain LoRA without the base weight"],
    [full, { to: "peft" }, "USAGE", "what is changed by full difference is no product of low rank"],
    [file, { to: "kohya", rank: 0 }, "USAGE", "the rank is a whole number above 0, not 0"],
    [file, { to: "kohya", error: 1 }, "USAGE", "the error is a share above 0 and below 1, not 1"],
    [
      file,
      { to: "kohya", tolerance: -1 },
      "USAGE",
      "the largest error that passes is a number of 0 or more, not -1",
    ],
  ])("%#", async (given, options, code, message) => {
    await expect(convert(given, options)).rejects.toMatchObject({ code, message });
  });

  test("a file that lacks a module that was written", async () => {
    const output = await convert(
      kohyaFile({ lora_unet_a: { out: 4, in: 4, rank: 2 }, lora_unet_b: { out: 4, in: 4, rank: 2 } }),
      { to: "kohya" },
    );
    const less = tensorFile({ name: "less", tensors: [...output.file.tensors].slice(3) });
    await expect(output.verify(less, PLACE)).rejects.toMatchObject({
      code: "VERIFICATION",
      message: "the module lora_unet_a was written, and is not in the file",
    });
  });

  test("a file whose updates have changed does not pass", async () => {
    const made = kohyaFile({ lora_unet_a: { out: 4, in: 4, rank: 2, alpha: 1 } });
    const output = await convert(made, { to: "kohya" });
    const half = tensorFile({
      ...output.file,
      tensors: [...output.file.tensors, ["lora_unet_a.alpha", tensorOfValues([0.5], "f32", [])]],
    });
    const report = await output.verify(half, PLACE);
    expect(report.passed).toBe(false);
    expect(report.relativeErrorFrobenius).toBeCloseTo(0.5, 12);
  });
});
