import { type Shape, tensorFile, type TensorFile, tensorOfValues } from "@lora/tensor";
import { describe, expect, test } from "vitest";
import { dataJson, hasData, keyList } from "../files.test-helper.ts";
import { readAdapter } from "../reading/read-adapter.ts";
import { dialectById } from "../reading/detect-dialect.ts";
import { convertedFile } from "./converted-file.ts";
import { layerIndex } from "./layer-index.ts";
import { planConversion, type ConversionPlan } from "./plan-conversion.ts";

/** A file of these names and shapes, and of no values but alphas: headers are all that plans look at. */
function fileOfKeys(name: string): TensorFile {
  const shapes = Object.entries(keyList(`invokeai/${name}.json`) as Record<string, Shape>);
  const tensors = shapes.map(([key, shape]) => {
    if (key.endsWith(".alpha")) return [key, tensorOfValues([4], "f32", shape)] as const;
    const byteLength = 4 * shape.reduce((a, b) => a * b, 1);
    return [key, { ...tensorOfValues([], "f32", [0]), shape, byteLength }] as const;
  });
  return tensorFile({ name, tensors });
}

async function planned(name: string, to: string): Promise<ConversionPlan> {
  return planConversion(await readAdapter(fileOfKeys(name)), { to });
}

describe.skipIf(!hasData)("names of real files", () => {
  test.each(["sd1", "sdxl"])(
    "every layer of a U-Net has the names that ai-toolkit's map has for it: %s",
    (model) => {
      const map = dataJson<{ ldm_diffusers_keymap: Record<string, string> }>(
        `keys/ai-toolkit-keymaps/stable_diffusion_${model}.json`,
      ).ldm_diffusers_keymap;
      const index = layerIndex(model);
      const layers = Object.entries(map).filter(
        ([ldm, own]) =>
          ldm.startsWith("model.diffusion_model.") && own.startsWith("unet_") && own.endsWith(".weight"),
      );
      expect(layers.length).toBeGreaterThan(300);
      for (const [ldm, own] of layers) {
        const original = ldm.slice("model.diffusion_model.".length, -".weight".length);
        const library = own.slice("unet_".length, -".weight".length);
        const [found] = index.find("unet", library.replaceAll(".", "_"));
        expect(found?.layer.names.original?.replace("#", found.numbers[0] ?? ""), library).toBe(original);
        expect(index.find("unet", original.replaceAll(".", "_"))[0]?.layer, original).toBe(found!.layer);
      }
    },
  );

  test.each([
    ["flux_lora_diffusers_format", "kohya", "lora_unet_single_blocks_0_linear1", 5 * 3072 + 2 * 3072],
    ["flux_lora_diffusers_format", "comfyui", "diffusion_model.double_blocks.0.img_attn.qkv", 3 * 3072],
    ["flux_lora_kohya_format", "diffusers", "transformer.single_transformer_blocks.0.proj_mlp", 4 * 3072],
    ["flux_lora_xlabs_format", "diffusers", "transformer.transformer_blocks.0.attn.to_k", 3072],
    ["flux_lora_aitoolkit_format", "onetrainer", "lora_transformer_transformer_blocks_0_attn_to_q", 3072],
    ["flux_lora_xlabs_format", "kohya", "lora_unet_double_blocks_0_img_attn_qkv", 3 * 3072],
    ["qwen_image_lora_diffusers_format", "kohya", "lora_unet_transformer_blocks_0_attn_to_k", 3072],
    ["qwen_image_lora_diffusers_format", "peft", "base_model.model.transformer_blocks.0.attn.to_k", 3072],
  ])("%s as %s has %s", async (name, to, module, rows) => {
    const plan = await planned(name, to);
    const found = plan.modules.find((one) => one.module === module);
    expect(found?.shape[0]).toBe(rows);
    for (const { shape, slots } of plan.modules) {
      const covered = slots.reduce((sum, slot) => sum + slot.rows.length, 0);
      expect(covered).toBe(shape[0]);
    }
  });

  test("FLUX.1 goes to kohya and back to the same layers", async () => {
    const adapter = await readAdapter(fileOfKeys("flux_lora_diffusers_format"));
    const plan = planConversion(adapter, { to: "kohya" });
    const factors = plan.modules.map(({ shape }) => ({
      factors: async () => ({ up: new Uint8Array(4 * shape[0]!), down: new Uint8Array(4 * shape[1]!) }),
      rank: 1,
      dtype: "f32" as const,
      scale: 1,
    }));
    const kohya = await readAdapter(convertedFile(plan, factors, adapter.file));
    const back = planConversion(kohya, { to: "diffusers" });
    expect(new Set(back.modules.map(({ module }) => module))).toEqual(
      new Set(adapter.modules.map(({ name }) => name)),
    );
  });

  test.each(["flux_lora_kohya_with_te1_format", "flux_lora_diffusers_format", "flux_lora_xlabs_format"])(
    "what is printed is parsed to the same module and part: %s",
    async (name) => {
      for (const to of ["kohya", "diffusers", "diffusers-legacy", "peft", "comfyui", "generic"]) {
        const dialect = dialectById(to);
        for (const { module, spelling } of (await planned(name, to)).modules) {
          for (const part of ["down", "up"] as const)
            expect(dialect.parse(dialect.print(module, part, spelling))).toMatchObject({ module, part });
        }
      }
    },
  );
});
