import { type Shape, tensorFile, type TensorFile, tensorOfValues } from "@lora/tensor";
import { randomMatrix } from "@lora/linalg";
import { describe, expect, test } from "vitest";
import { combine, type CombineReport, compare, convert } from "../index.ts";

const WIDTH = 6;

/** Pairs of rank 2 with alpha 1: a scale that is a power of two. */
function kohya(modules: Readonly<Record<string, number>>, seed: number, model = "flux-1-dev"): TensorFile {
  const tensors = Object.entries(modules).flatMap(([name, rows], index) => {
    const factor = (shape: [number, number], at: number): [Shape, ArrayLike<number>] => [
      shape,
      randomMatrix(...shape, 10 * seed + 2 * index + at).data,
    ];
    const [[down, a], [up, b]] = [factor([2, WIDTH], 0), factor([rows, 2], 1)];
    return [
      [`${name}.lora_down.weight`, tensorOfValues(a, "f16", down)] as const,
      [`${name}.lora_up.weight`, tensorOfValues(b, "f16", up)] as const,
      [`${name}.alpha`, tensorOfValues([1], "f32", [])] as const,
    ];
  });
  return tensorFile({
    name: `adapter-${seed}`,
    tensors,
    metadata: [["modelspec.architecture", model]],
  });
}

const FUSED = {
  lora_unet_double_blocks_0_img_attn_qkv: 3 * WIDTH,
  lora_unet_single_blocks_0_linear1: 7 * WIDTH,
  lora_unet_double_blocks_0_img_mlp_0: 4 * WIDTH,
};

async function as(file: TensorFile, to: string): Promise<TensorFile> {
  return (await convert(file, { to })).file;
}

async function combined(...files: TensorFile[]): Promise<[TensorFile, CombineReport]> {
  const output = await combine(
    files.map((file, index) => ({ file, weight: index + 1 })),
    { method: "linear" },
  );
  for (const tensor of output.file.tensors.values()) await tensor.bytes();
  return [output.file, output.report({ path: "out", bytes: 1 })];
}

describe("adapters of FLUX.1 in names that fuse other layers", () => {
  const [a, b] = [kohya(FUSED, 1), kohya(FUSED, 2)];

  test.each(["diffusers", "peft", "xlabs"])("make what they make in one dialect: %s", async (to) => {
    const isXlabs = to === "xlabs";
    const part = isXlabs ? kohya({ lora_unet_double_blocks_0_img_attn_qkv: 3 * WIDTH }, 2) : b;
    const [same] = await combined(a, part);
    const [mixed, report] = await combined(a, await as(part, to));
    expect([...mixed.tensors.keys()].toSorted()).toEqual([...same.tensors.keys()].toSorted());
    const { pairs, files } = await compare([same, mixed]);
    // What was folded into f16 by a power of two is exact; both sums are rounded to f16.
    expect(pairs[0]!.relativeDistance).toBeLessThan(4 * 2 ** -11);
    expect(files.map(({ dialect }) => dialect)).toEqual(["kohya", "kohya"]);
    expect(report.inputs.map(({ dialect }) => dialect)).toEqual(["kohya", to]);
    expect(report.output.dtype).toBe("f16");
    expect(report.warnings).toContain(
      `adapter-2: its layers are taken in the names of kohya, where ${to} fuses or calls them otherwise`,
    );
    expect(report.interference).toMatchObject([{ modules: isXlabs ? 1 : 3 }]);
  });

  test("are in the dialect of the first, which splits them", async () => {
    const [file, report] = await combined(await as(a, "diffusers"), b);
    expect(report.modules.map(({ name }) => name)).toContain("transformer.transformer_blocks.0.attn.to_q");
    const { pairs } = await compare([file, (await combined(a, b))[0]]);
    expect(pairs[0]).toMatchObject({ onlyInA: [], onlyInB: [] });
    expect(pairs[0]!.relativeDistance).toBeLessThan(4 * 2 ** -11);
  });
});

test("the first is converted too where its own dialect writes other names", async () => {
  const fused = kohya({ "diffusion_model.layers.0.attention.qkv": 3 * WIDTH }, 1, "z-image");
  const split = await as(fused, "diffusers");
  const own = await as(split, "comfyui");
  const [file, report] = await combined(fused, own);
  expect(report.modules.map(({ name }) => name)).toEqual(
    ["q", "k", "v"].map((part) => `diffusion_model.layers.0.attention.to_${part}`),
  );
  // Once and twice the same.
  const { pairs } = await compare([file, fused]);
  expect(pairs[0]!.cosine).toBeCloseTo(1, 6);
  expect(pairs[0]!.normRatio).toBeCloseTo(1 / 3, 3);
});

test("adapters whose names agree stay what they are", async () => {
  const file = kohya({ lora_unet_mid_block_attentions_0_proj_in: 4 }, 1, "stable-diffusion-v1");
  const [, report] = await combined(file, await as(file, "diffusers"));
  expect(report.warnings).toEqual([]);
  expect(report.modules).toHaveLength(1);
});
