import { readFileSync } from "node:fs";
import type { Shape } from "@lora/tensor";
import { describe, expect, test } from "vitest";
import type { Adapter } from "../adapter.ts";
import { planConversion, type ConversionPlan } from "../conversion/plan-conversion.ts";
import { fileOf } from "../files.test-helper.ts";
import { pairWithBase } from "../pairing/pair-with-base.ts";
import { readAdapter } from "../reading/read-adapter.ts";
import { layouts } from "./_index.ts";

interface Golden {
  readonly width: number;
  /** Of the original layers. */
  readonly rows: Readonly<Record<string, number>>;
  readonly pieces: readonly (readonly [original: string, library: string, first: number, rows: number])[];
}

/** Made by diffusers' converters; see tooling/goldens/layouts.py. */
const golden = JSON.parse(readFileSync(new URL("layouts.golden.json", import.meta.url), "utf8")) as Readonly<
  Record<string, Golden>
>;

/** A pair of rank 1 for each layer, for a model that the trainer noted. */
function adapterOf(prefix: string, rows: Readonly<Record<string, number>>, model: Model): Promise<Adapter> {
  const shapes = Object.entries(rows).flatMap(([path, out]): [string, Shape][] => [
    [`${prefix}${path}.lora_A.weight`, [1, model.width]],
    [`${prefix}${path}.lora_B.weight`, [out, 1]],
  ]);
  const metadata = { "modelspec.architecture": model.id };
  return readAdapter(fileOf(Object.fromEntries(shapes), { metadata }));
}

interface Model {
  readonly id: string;
  readonly width: number;
}

/** Original module, new module, and its rows. */
function piecesOf({ modules }: ConversionPlan): string[] {
  return modules
    .flatMap(({ path, slots }) =>
      slots.map(({ module, rows }) => `${module.path} ${path} ${rows[0]} ${rows.length}`),
    )
    .sort();
}

describe.each(Object.entries(golden))("%s", (id, { width, rows, pieces }) => {
  const model = { id, width };
  const library = Object.fromEntries(pieces.map(([, path, , count]) => [path, count]));

  test("becomes what diffusers makes of it, row by row", async () => {
    const adapter = await adapterOf("diffusion_model.", rows, model);
    const plan = planConversion(adapter, { to: "diffusers" });
    expect(plan.architecture).toBe(id);
    expect(piecesOf(plan)).toEqual(
      pieces.map(([original, path, first, count]) => `${original} ${path} ${first} ${count}`).sort(),
    );
  });

  test("comes back from diffusers' names to kohya's, and from these to diffusers'", async () => {
    const adapter = await adapterOf("transformer.", library, model);
    const plan = planConversion(adapter, { to: "kohya" });
    const original = Object.keys(id === "z-image" ? library : rows).map((path) => path.replaceAll(".", "_"));
    expect(plan.modules.map(({ module }) => module.slice("lora_unet_".length)).sort()).toEqual(
      original.sort(),
    );
    const underscored = Object.fromEntries(
      plan.modules.map(({ module, shape }) => [module.slice("lora_unet_".length), shape[0]!]),
    );
    const again = planConversion(await adapterOf("lora_unet_", underscored, model), { to: "diffusers" });
    expect(again.modules.map(({ path }) => path).sort()).toEqual(Object.keys(library).sort());
  });

  test("pairs in diffusers' names with the rows of an original checkpoint", async () => {
    const adapter = await adapterOf("transformer.", library, model);
    const weights = Object.entries(rows).map(([path, out]): [string, Shape] => [
      `model.diffusion_model.${path}.weight`,
      [out, width],
    ]);
    const { pairs, unpaired } = pairWithBase(adapter, fileOf(Object.fromEntries(weights)));
    expect(unpaired).toEqual([]);
    for (const [original, path, first, count] of pieces) {
      const pair = pairs.get(`transformer.${path}`);
      expect(pair?.name, path).toBe(`model.diffusion_model.${original}.weight`);
      expect(pair?.rows ?? [0, rows[original]], path).toEqual([first, first + count]);
    }
  });
});

test("layers in original names pair with the whole layers of diffusers' checkpoint", async () => {
  const adapter = await adapterOf("diffusion_model.", { "blocks.0.attn.wq": 8 }, { id: "krea2", width: 8 });
  const { pairs } = pairWithBase(adapter, fileOf({ "transformer_blocks.0.attn.to_q.weight": [8, 8] }));
  expect([...pairs.values()].map(({ name }) => name)).toEqual(["transformer_blocks.0.attn.to_q.weight"]);
});

test("a fused layer that the base has apart is told with what to do", async () => {
  const adapter = await adapterOf(
    "diffusion_model.",
    { "double_blocks.0.img_attn.qkv": 12, "double_blocks.1.img_attn.qkv": 12 },
    { id: "flux-1-dev", width: 4 },
  );
  const parts = ["q", "k", "v"].map((part): [string, Shape] => [
    `transformer_blocks.0.attn.to_${part}.weight`,
    [4, 4],
  ]);
  const { unpaired } = pairWithBase(adapter, fileOf(Object.fromEntries(parts)));
  expect(unpaired.map(({ reason }) => reason)).toEqual([
    "the base has the layers apart that it fuses (to_q, to_k, to_v): convert the adapter to diffusers first",
    "the base has no weight of this name",
  ]);
});

describe("names that one program alone has", () => {
  const tencent = { "double_blocks.0.img_attn_qkv": 9, "double_blocks.0.img_mlp.fc1": 3, "time_in.mlp.0": 3 };

  test.each(["hunyuan-video", "hunyuan-image"])("ComfyUI's of %s, there and back", async (id) => {
    const model = { id, width: 3 };
    const plan = planConversion(await adapterOf("transformer.", tencent, model), { to: "comfyui" });
    expect(plan.modules.map(({ module }) => module)).toEqual([
      "diffusion_model.double_blocks.0.img_attn.qkv",
      "diffusion_model.double_blocks.0.img_mlp.0",
      "diffusion_model.time_in.in_layer",
    ]);
    const repacked = Object.fromEntries(plan.modules.map(({ module, shape }) => [module, shape[0]!]));
    const back = planConversion(await adapterOf("", repacked, model), { to: "kohya" });
    expect(back.modules.map(({ module }) => module)).toEqual([
      "lora_unet_double_blocks_0_img_attn_qkv",
      "lora_unet_double_blocks_0_img_mlp_fc1",
      "lora_unet_time_in_mlp_0",
    ]);
  });

  test("ComfyUI alone fuses the attention of HunyuanVideo 1.5", async () => {
    const parts = { "double_blocks.0.img_attn_q": 3, "double_blocks.0.img_attn_k": 3 };
    const model = { id: "hunyuan-video-1.5", width: 3 };
    const adapter = await adapterOf("diffusion_model.", parts, model);
    const [fused] = planConversion(adapter, { to: "comfyui" }).modules;
    expect([fused?.path, fused?.shape]).toEqual(["double_blocks.0.img_attn.qkv", [9, 3]]);
    expect(planConversion(adapter, { to: "kohya" }).modules).toHaveLength(2);
  });

  test("ComfyUI's fused attention of Z-Image", async () => {
    const repacked = { "layers.0.attention.qkv": 12, "final_layer.linear": 4, x_embedder: 4 };
    const adapter = await adapterOf("diffusion_model.", repacked, { id: "z-image", width: 4 });
    const { modules } = planConversion(adapter, { to: "diffusers" });
    expect(modules.map(({ path }) => path)).toEqual([
      ...["q", "k", "v"].map((part) => `layers.0.attention.to_${part}`),
      "all_final_layer.2-1.linear",
      "all_x_embedder.2-1",
    ]);
  });

  test("OpenCLIP's fused attention of a text encoder", async () => {
    const names = { "text_encoders.clip_g.transformer.transformer.resblocks.0.attn.in_proj": 12 };
    const { modules } = planConversion(await adapterOf("", names, { id: "sdxl", width: 4 }), { to: "kohya" });
    expect(modules.map(({ module }) => module)).toEqual(
      ["q", "k", "v"].map((part) => `lora_te2_text_model_encoder_layers_0_self_attn_${part}_proj`),
    );
  });
});

describe("Anima beside its transformer", () => {
  const model = { id: "anima-preview", width: 4 };

  test("Qwen 3 and the adapter go to ComfyUI's names, the encoder under its own prefix", async () => {
    const names = { lora_te_layers_0_mlp_up_proj: 4, lora_unet_llm_adapter_blocks_0_mlp_2: 4 };
    const { modules } = planConversion(await adapterOf("", names, model), { to: "comfyui" });
    expect(modules.map(({ module }) => module)).toEqual([
      "text_encoders.qwen3_06b.transformer.model.layers.0.mlp.up_proj",
      "diffusion_model.llm_adapter.blocks.0.mlp.2",
    ]);
  });

  test("diffusers has the adapter as a component that no LoRA names", async () => {
    const adapter = await adapterOf("diffusion_model.", { "llm_adapter.out_proj": 4 }, model);
    expect(() => planConversion(adapter, { to: "diffusers" })).toThrow(
      "diffusers has no name for diffusion_model.llm_adapter.out_proj",
    );
  });
});

test("every layout says where its names are from, and no name stands for two layers of it", () => {
  for (const { id, source, layers } of layouts) {
    expect(source, id).not.toBe("");
    for (const naming of ["original", "comfyui", "gguf", "openclip", "processor"] as const) {
      const names = layers.flatMap((layer) => layer.names[naming] ?? []);
      expect(new Set(names).size, `${id} ${naming}`).toBe(names.length);
    }
  }
});
