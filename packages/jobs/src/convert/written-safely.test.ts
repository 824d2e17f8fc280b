import { type AdapterModule, readAdapter, type Writer, writers } from "@lora/peft";
import { type DType, readValues, tensorFile, type TensorFile, tensorOfValues } from "@lora/tensor";
import { randomMatrix } from "@lora/linalg";
import { describe, expect, test } from "vitest";
import { convert, type ConvertOptions, type ConvertReport } from "../index.ts";

const UNET = ["lora_unet_mid_block_attentions_0_proj_in", "lora_unet_mid_block_attentions_0_proj_out"];
const FLUX = ["lora_unet_double_blocks_0_img_attn_proj", "lora_unet_single_blocks_0_linear2"];
const LLAMA = ["q", "o"].map((part) => `model.layers.0.self_attn.${part}_proj`);

/** Modules that each dialect has names for. */
const NAMED: Readonly<Record<string, readonly string[]>> = {
  "ai-toolkit": FLUX,
  "bfl-control": FLUX,
  cloneofsimo: ["unet:0", "unet:1"],
  comfyui: UNET,
  "diffusers-legacy": UNET,
  diffusers: UNET,
  generic: LLAMA,
  gguf: LLAMA,
  kohya: UNET,
  loralib: LLAMA,
  mlx: LLAMA,
  onetrainer: FLUX,
  peft: LLAMA,
  "sam-lora": ["w_000", "w_001"],
  xlabs: FLUX,
};

/** Endings of the dialect that the names are of. */
function endings(name: string): readonly [down: string, up: string] {
  if (name.includes(":")) return [`${name}:down`, `${name}:up`];
  if (name.startsWith("w_")) return [name.replace("w_", "w_a_"), name.replace("w_", "w_b_")];
  return [`${name}.lora_down.weight`, `${name}.lora_up.weight`];
}

interface Sizes {
  /** Of up, and the inverse of down. */
  readonly gain?: number;
  readonly dtype?: DType;
}

/** Two modules of rank 3 and 2, where names allow it at scales 1/3 and 4. */
function mixedFile(names: readonly string[], { gain = 1, dtype = "f32" }: Sizes = {}): TensorFile {
  const tensors = names.flatMap((name, index) => {
    const rank = 3 - index;
    const [down, up] = endings(name);
    const values = (rows: number, cols: number, seed: number, by: number): Float64Array =>
      Float64Array.from(randomMatrix(rows, cols, seed).data, (value) => Math.fround(by * value));
    return [
      [down, tensorOfValues(values(rank, 8, 2 * index, 1 / gain), dtype, [rank, 8])] as const,
      [up, tensorOfValues(values(8, rank, 2 * index + 1, gain), dtype, [8, rank])] as const,
      ...(down.endsWith(".weight")
        ? [[`${name}.alpha`, tensorOfValues([index === 0 ? 1 : 8], "f32", [])] as const]
        : []),
    ];
  });
  const metadata: [string, string][] = names === FLUX ? [["modelspec.architecture", "flux-1-dev"]] : [];
  return tensorFile({ name: "mixed.safetensors", tensors, metadata });
}

const CONFIG = { model_type: "qwen2", num_attention_heads: 2, num_key_value_heads: 2 };
const BASE = tensorFile({
  name: "base",
  tensors: [],
  sidecars: [["config.json", JSON.stringify(CONFIG)]],
});

async function written(
  writer: Writer,
  file: TensorFile,
  options: Omit<ConvertOptions, "to"> = {},
): Promise<[TensorFile, ConvertReport, readonly AdapterModule[]]> {
  const base = writer.container === "gguf" ? BASE : undefined;
  const output = await convert(file, { ...options, to: writer.id, base });
  const report = await output.verify(output.file, { path: "out", bytes: 1 });
  const { modules } = await readAdapter(output.file, { dialect: writer.id });
  return [output.file, report, modules];
}

/** What a consumer multiplies with, of the two modules in order. */
const OWN_SCALES = [1 / 3, 4];

describe.each(writers.map((writer) => [writer.id, writer] as const))("%s", (id, writer) => {
  const hasScales = !["cloneofsimo", "sam-lora"].includes(id);

  test("has every update of an adapter of mixed ranks and scales, in the form that its readers take", async () => {
    const [file, report, modules] = await written(writer, mixedFile(NAMED[id]!));
    expect(report).toMatchObject({ passed: true, dropped: [], approximated: [], leftOut: [] });
    expect(modules).toHaveLength(2);
    const ranks = modules.map(({ rank }) => rank);
    const scales = modules.map(({ scale }) => scale);
    expect(ranks).toEqual(writer.oneRank ? [3, 3] : [3, 2]);
    switch (writer.scales) {
      case "tensor":
      case "config":
        expect(scales).toEqual(OWN_SCALES.map((scale) => expect.closeTo(scale, 7) as number));
        break;
      case "one-scale":
        expect(new Set(scales).size).toBe(1);
        break;
      case "one-alpha":
        // Readers divide it by the rank of each tensor.
        expect(scales.map((scale, index) => scale * ranks[index]!)).toEqual([8, 8]);
        expect(file.metadata.get("adapter.lora.alpha")).toBe("8");
        break;
      default:
        expect(scales).toEqual([1, 1]);
    }
    const hasAlphas = [...file.tensors.keys()].some((name) => name.endsWith("alpha"));
    expect(hasAlphas).toBe(writer.scales === "tensor");
    expect(report.folded.length > 0).toBe(hasScales && !["tensor", "config"].includes(writer.scales));
  });

  test("keeps within f16 what two factors of very different size make, and refuses what does not fit", async () => {
    const far = mixedFile(NAMED[id]!, { gain: 1e7 });
    const [file, report] = await written(writer, far, { dtype: "f16" });
    expect(report.passed).toBe(true);
    for (const [name, tensor] of file.tensors) {
      if (name.endsWith("alpha")) continue;
      expect([name, tensor.dtype]).toEqual([name, "f16"]);
      const values = await readValues(tensor);
      expect(values.every((value) => Number.isFinite(value))).toBe(true);
      expect(Math.max(...values.map(Math.abs))).toBeGreaterThan(2 ** -10);
    }
    const huge = mixedFile(NAMED[id]!);
    const [first, ...others] = huge.tensors;
    const [, up] = others.splice(0, 1)[0]!;
    const values = (await readValues(up)).map((value) => 1e30 * value);
    const tensors = [first!, [endings(NAMED[id]![0]!)[1], tensorOfValues(values, "f32", up.shape)] as const];
    const overflowing = tensorFile({ ...huge, tensors: [...tensors, ...others] });
    await expect(written(writer, overflowing, { dtype: "f16" })).rejects.toMatchObject({
      code: "NUMERIC",
      message: expect.stringMatching(/ is too large for f16$/) as string,
    });
  });
});

test("vLLM, which knows no patterns, gets one rank and one scale of PEFT on demand", async () => {
  const peft = writers.find(({ id }) => id === "peft")!;
  const [file, report] = await written(peft, mixedFile(LLAMA), { padRank: true });
  expect(JSON.parse(file.sidecars.get("adapter_config.json")!)).toMatchObject({
    r: 3,
    rank_pattern: {},
    alpha_pattern: {},
  });
  expect(report).toMatchObject({ passed: true, padded: [{ from: 2, to: 3 }] });
});

test("cloneofsimo's loader finds the rank of each module in the header, and the classes that were there", async () => {
  const cloneofsimo = writers.find(({ id }) => id === "cloneofsimo")!;
  const classes: [string, string] = ["unet", '["CrossAttention"]'];
  const [file] = await written(
    cloneofsimo,
    tensorFile({ ...mixedFile(NAMED["cloneofsimo"]!), metadata: [classes, ["unet:0:rank", "7"]] }),
  );
  expect([...file.metadata].filter(([key]) => key.startsWith("unet"))).toEqual([
    classes,
    ["unet:0:rank", "3"],
    ["unet:1:rank", "2"],
  ]);
});

test("every writer is tried", () => {
  expect(Object.keys(NAMED).toSorted()).toEqual(writers.map(({ id }) => id).toSorted());
});
