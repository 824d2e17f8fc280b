import { describe, expect, test } from "vitest";
import { failure, fileOf, folderTexts, hasData, keyList } from "../files.test-helper.ts";
import { detectDialects, dialectById } from "../reading/detect-dialect.ts";
import { readAdapter } from "../reading/read-adapter.ts";
import { dialects } from "./_index.ts";

describe.skipIf(!hasData)("key lists of real files", () => {
  test.each([
    ["stripped/sdxl_lora_2958.json", "kohya", "sdxl", 986],
    ["invokeai/anima_lora_kohya_format.json", "kohya", "anima", 11],
    ["invokeai/anima_lora_lokr_format.json", "comfyui", "anima", 3],
    ["invokeai/flux_lora_aitoolkit_format.json", "ai-toolkit", "flux", 228],
    ["invokeai/flux_lora_diffusers_format.json", "diffusers", "flux", 494],
    ["invokeai/flux_lora_kohya_format.json", "kohya", "flux", 304],
    ["invokeai/flux_lora_kohya_with_te1_format.json", "kohya", "flux", 376],
    ["invokeai/flux_lora_xlabs_format.json", "xlabs", "flux", 12],
    ["invokeai/krea2_lora_kohya_format.json", "kohya", "krea2", 40],
    ["invokeai/qwen_image_lora_diffusers_format.json", "generic", "qwen-image", 3],
  ])("%s is %s, for %s", async (path, dialect, architecture, count) => {
    const adapter = await readAdapter(fileOf(keyList(path)));
    expect(adapter.detection.dialect).toBe(dialect);
    expect(adapter.detection.reasons.length).toBeGreaterThan(1);
    const unknown = adapter.extras.filter(({ why }) => why !== "DoRA magnitude");
    expect([adapter.modules.length, unknown]).toEqual([count, []]);
    expect(adapter.baseArchitecture).toBe(architecture);
    const spoken = dialectById(dialect);
    for (const { parts } of adapter.modules) {
      for (const { name } of parts.values()) {
        const { module, part, spelling } = spoken.parse(name)!;
        expect(spoken.print(module, part, spelling)).toBe(name);
      }
    }
  });

  test.each([
    [
      "stripped/not_a_lora_textual_inversion.json",
      "this adapter is not plain LoRA: 1 module is textual inversion",
    ],
    ["stripped/sdxl_unet_base.json", "none of the 1680 tensors is a factor of a low-rank pair"],
    ["stripped/sdxl_te2_base.json", "none of the 517 tensors is a factor of a low-rank pair"],
  ])("%s is refused by what it is", async (path, message) => {
    const error = await failure(() => readAdapter(fileOf(keyList(path))));
    expect([error.code, error.message]).toEqual(["UNSUPPORTED", message]);
  });

  test("every configuration of another PEFT method is refused by its name", async () => {
    const configs = folderTexts("keys/peft-adapter-configs");
    expect(configs.length).toBeGreaterThan(90);
    const READ = ["LORA", "ADALORA", "LOHA", "LOKR", "OFT", "BOFT", "GLORA", "IA3"];
    for (const text of configs) {
      const type = (JSON.parse(text) as { readonly peft_type: string }).peft_type;
      const file = fileOf(
        { "base_model.model.m.other": [2, 2] },
        { sidecars: { "adapter_config.json": text } },
      );
      const { message } = await failure(() => readAdapter(file));
      expect(message).toBe(
        READ.includes(type)
          ? "none of the 1 tensors is a factor of a low-rank pair"
          : `the adapter is of PEFT's type ${type}, which is not handled here`,
      );
    }
  });
});

test("dialects that names do not tell apart are among the reasons, and any can be asked for", async () => {
  const file = fileOf({
    "diffusion_model.a.lora_A.weight": [2, 6],
    "diffusion_model.a.lora_B.weight": [4, 2],
  });
  const { detection } = await readAdapter(file);
  expect([detection.dialect, detection.reasons.at(-1)]).toEqual([
    "ai-toolkit",
    "comfyui fits as well (0.92)",
  ]);
  expect((await readAdapter(file, { dialect: "comfyui" })).detection.dialect).toBe("comfyui");
});

test.each([
  [
    "lora_te_text_model_encoder_layers_0_mlp_fc1.lora_down.weight",
    "kohya",
    "te1",
    "text_model_encoder_layers_0_mlp_fc1",
  ],
  [
    "lora_te3_encoder_block_0_layer_0_SelfAttention_q.lora_up.weight",
    "kohya",
    "te3",
    "encoder_block_0_layer_0_SelfAttention_q",
  ],
  [
    "lora_transformer_transformer_blocks_0_attn_to_q.alpha",
    "onetrainer",
    "transformer",
    "transformer_blocks_0_attn_to_q",
  ],
  [
    "lycoris_transformer_blocks_0_attn_to_q.lora_mid.weight",
    "lycoris",
    "transformer",
    "transformer_blocks_0_attn_to_q",
  ],
  ["my_own_prefix_q.lora_up.weight", "kohya", "model", "my_own_prefix_q"],
  [
    "mid_block.attentions.0.attn1.processor.to_out_lora.up.weight",
    "diffusers-legacy",
    "unet",
    "mid_block.attentions.0.attn1.to_out.0",
  ],
  ["unet.a.attn.processor.add_k_proj_lora.down.weight", "diffusers-legacy", "unet", "a.attn.add_k_proj"],
  ["text_encoder.a.out_proj.lora_linear_layer.down.weight", "diffusers-legacy", "te1", "a.out_proj"],
  ["text_encoder_2.a.lora.down.weight", "diffusers-legacy", "te2", "a"],
  [
    "transformer.single_transformer_blocks.0.proj_mlp.lora_A.weight",
    "diffusers",
    "transformer",
    "single_transformer_blocks.0.proj_mlp",
  ],
  [
    "base_model.model.model.layers.0.mlp.up_proj.lora_B.default.weight",
    "peft",
    "model",
    "model.layers.0.mlp.up_proj",
  ],
  ["base_model.model.wte.lora_embedding_A", "peft", "model", "wte"],
  ["base_model.model.lin.glora_A.Xd", "peft-methods", "model", "lin"],
  ["base_model.model.lin.glora_B.X", "peft-methods", "model", "lin"],
  ["base_model.model.lin.oft_r", "peft-methods", "model", "lin"],
  ["base_model.model.lin.oft_s", "peft-methods", "model", "lin"],
  [
    "text_encoders.qwen3_06b.transformer.model.layers.0.mlp.up_proj.lora_A.weight",
    "comfyui",
    "te1",
    "layers.0.mlp.up_proj",
  ],
  ["diffusion_model.blocks.0.ffn.0.lora_A.weight", "ai-toolkit", "unet", "blocks.0.ffn.0"],
  ["text_encoders.clip_l.transformer.text_model.a.lora_down.weight", "comfyui", "te1", "text_model.a"],
  ["text_encoder:3:up", "cloneofsimo", "te1", "3"],
  ["w_b_012", "sam-lora", "model", "012"],
  ["double_blocks.3.processor.qkv_lora2.up.weight", "xlabs", "transformer", "double_blocks.3.txt_attn.qkv"],
  ["single_blocks.3.processor.qkv_lora.up.weight", "xlabs", "transformer", "single_blocks.3.linear1.qkv"],
  ["blk.7.attn_q.weight.lora_b", "gguf", "model", "blk.7.attn_q"],
  ["model.layers.0.self_attn.q_proj.lora_a", "mlx", "model", "model.layers.0.self_attn.q_proj"],
  ["h.0.attn.c_attn.lora_A", "loralib", "model", "h.0.attn.c_attn"],
  ["img_in.lora_A.weight", "bfl-control", "transformer", "img_in"],
  ["blocks.0.attn.qkv_x.lora_B", "generic", "model", "blocks.0.attn.qkv_x"],
  ["input_blocks.1.1.proj_in.down", "generic", "model", "input_blocks.1.1.proj_in"],
])("%s is of %s, in %s", (name, id, component, path) => {
  const dialect = dialects.find((candidate) => candidate.id === id)!;
  const parsed = dialect.parse(name)!;
  expect(dialect.place(parsed.module)).toEqual({ component, path });
  expect(dialect.print(parsed.module, parsed.part, parsed.spelling)).toBe(name);
  expect(detectDialects(fileOf({ [name.replace("alpha", "lora_up.weight")]: [1, 1] }))[0]?.dialect).toBe(id);
});

test.each([
  ["OFT", ["unet.a.oft_diag"]],
  ["GLoRA", ["a.a1.weight", "a.b2.weight"]],
  ["(IA)³", ["a.on_input"]],
  ["SVDQuant LoRA (nunchaku)", ["a.lora_proj_down", "a.lora_proj_up"]],
  [
    "SVDQuant LoRA (nunchaku)",
    ["transformer_blocks.0.mlp_context_fc1.lora_down", "transformer_blocks.0.mlp_context_fc1.lora_up"],
  ],
  ["SVDQuant LoRA (nunchaku)", ["single_transformer_blocks.3.norm.linear.lora_up"]],
  ["AdaLoRA", ["a.lora_E"]],
  ["VeRA", ["a.vera_lambda_b"]],
  ["textual inversion", ["emb_params"]],
])("%s is not read as LoRA", async (what, names) => {
  const error = await failure(() =>
    readAdapter(fileOf(Object.fromEntries(names.map((name) => [name, [2, 2]])))),
  );
  expect([error.code, error.message]).toEqual([
    "UNSUPPORTED",
    `this adapter is not plain LoRA: 1 module is ${what}`,
  ]);
  expect(error.advice).toContain(
    what.includes("nunchaku") ? "use the LoRA that it was made from" : "convert it",
  );
});

test("a whole model with layers called up and down is no adapter", async () => {
  const layers = ["attn.q", "attn.k", "mlp.up", "mlp.down", "norm"].map((layer) => [
    `h.0.${layer}.weight`,
    [4, 4],
  ]);
  const error = await failure(() => readAdapter(fileOf(Object.fromEntries(layers))));
  expect([error.code, error.message]).toEqual([
    "UNSUPPORTED",
    "none of the 5 tensors is a factor of a low-rank pair",
  ]);
});

test("a part that a dialect has no name for cannot be printed", async () => {
  const peft = dialects.find(({ id }) => id === "peft")!;
  const error = await failure(() => peft.print("a", "mid"));
  expect([error.code, error.message]).toEqual(["USAGE", "no name for the part mid in the spelling (any)"]);
});
