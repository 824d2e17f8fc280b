import { tensorFile, type TensorFile } from "@lora/tensor";
import { describe, expect, test } from "vitest";
import { kohyaFile, type MadeModule } from "../adapters.test-helper.ts";
import { compare, convert } from "../index.ts";

const WIDTH = 6;
/** Of orthogonal factors in f64: the values themselves are copied. */
const ROUNDING = 100 * 2 * 2 ** -52;
const layer = (times: number): MadeModule => ({ out: times * WIDTH, in: WIDTH, rank: 2, alpha: 1 });

/** All that FLUX.1 fuses, turns round or only renames. */
const FLUX = kohyaFile(
  {
    lora_unet_double_blocks_0_img_attn_qkv: layer(3),
    lora_unet_double_blocks_0_txt_attn_qkv: layer(3),
    lora_unet_double_blocks_0_img_mlp_0: layer(4),
    lora_unet_single_blocks_3_linear1: layer(7),
    lora_unet_single_blocks_3_modulation_lin: layer(3),
    lora_unet_final_layer_adaLN_modulation_1: layer(2),
    lora_te1_text_model_encoder_layers_0_mlp_fc1: layer(4),
  },
  { "modelspec.architecture": "flux-1-dev" },
);

/** Grouped queries, keys and values. */
const LUMINA = kohyaFile(
  { lora_unet_layers_0_attention_qkv: { out: 10, in: 6, rank: 2 } },
  { "modelspec.architecture": "lumina-2" },
);

async function as(file: TensorFile, to: string): Promise<TensorFile> {
  return (await convert(file, { to })).file;
}

describe.each([
  ["FLUX.1", FLUX, 14],
  ["Lumina 2", LUMINA, 3],
])("%s in names that fuse layers and in names that do not", (_, fused, layers) => {
  test.each(["diffusers", "comfyui", "onetrainer", "peft"])(
    "is the same as %s, layer by layer, with the same fingerprint",
    async (to) => {
      const { files, pairs } = await compare([fused, await as(fused, to)]);
      const [pair] = pairs;
      expect(pair).toMatchObject({ onlyInA: [], onlyInB: [], sameWithin: "f32" });
      expect(pair!.modules).toHaveLength(layers);
      for (const module of pair!.modules) {
        expect(module.relativeDistance, module.name).toBeLessThan(ROUNDING);
        expect(module.cosine, module.name).toBeCloseTo(1, 14);
        expect([module.rankA, module.outputOverlap], module.name).toEqual([
          module.rankB,
          expect.closeTo(1, 7),
        ]);
      }
      expect(files[0]!.fingerprint).toBe(files[1]!.fingerprint);
      expect(files[0]!.frobenius).toBeCloseTo(files[1]!.frobenius, 12);
    },
  );
});

test("a part of a fused layer is named with the layer that it is elsewhere", async () => {
  const { pairs } = await compare([FLUX, await as(FLUX, "diffusers")]);
  expect(pairs[0]!.modules.slice(0, 2).map(({ name, other, path }) => [name, other, path])).toEqual([
    [
      "lora_unet_double_blocks_0_img_attn_qkv (to_q)",
      "transformer.transformer_blocks.0.attn.to_q",
      "transformer_blocks.0.attn.to_q",
    ],
    [
      "lora_unet_double_blocks_0_img_attn_qkv (to_k)",
      "transformer.transformer_blocks.0.attn.to_k",
      "transformer_blocks.0.attn.to_k",
    ],
  ]);
});

test("layers that one of the files has not are told apart, too", async () => {
  const split = await as(FLUX, "diffusers");
  const isKey = (name: string): boolean => name.startsWith("transformer.transformer_blocks.0.attn.to_k.");
  const tensors = [...split.tensors].filter(([name]) => !isKey(name));
  const { pairs } = await compare([FLUX, tensorFile({ ...split, tensors })]);
  expect(pairs[0]!.onlyInA).toEqual(["lora_unet_double_blocks_0_img_attn_qkv (to_k)"]);
  expect(pairs[0]!.modules).toHaveLength(13);
});

test("a whole difference of a fused layer is compared part by part", async () => {
  const name = "lora_unet_double_blocks_0_img_attn_qkv";
  const plain = kohyaFile({ [name]: layer(3) }, { "modelspec.architecture": "flux-1-dev" });
  const up = plain.tensors.get(`${name}.lora_up.weight`)!;
  const diff = { ...up, shape: [3 * 2, 2] };
  const whole = (dtype: typeof up): TensorFile =>
    tensorFile({ ...plain, tensors: [[`${name}.diff`, dtype]] });
  const narrow = { ...diff, byteLength: 48, bytes: async () => (await up.bytes()).slice(0, 48) };
  const { pairs } = await compare([whole(narrow), whole(narrow)]);
  expect(pairs[0]!.modules.map(({ name: part }) => part)).toEqual(
    ["q", "k", "v"].map((letter) => `${name} (to_${letter})`),
  );
  expect(pairs[0]!.relativeDistance).toBeLessThan(ROUNDING);
});

test("what has not the rows of the layers it would fuse stays whole", async () => {
  const odd = kohyaFile(
    { lora_unet_double_blocks_0_img_attn_qkv: { out: 5, in: 6, rank: 1 } },
    { "modelspec.architecture": "flux-1-dev" },
  );
  const { pairs } = await compare([odd, odd]);
  expect(pairs[0]!.modules.map(({ name }) => name)).toEqual(["lora_unet_double_blocks_0_img_attn_qkv"]);
});
