import { type Dialect, dialectById, dialects } from "@lora/peft";
import { expect, test } from "vitest";
import { testDialect } from "./dialect.ts";

/** Endings of LyCORIS' kinds beside LoRA. */
const LYCORIS = [
  ...["w1_a", "w1_b", "w2_a", "w2_b", "t1", "t2"].map((part) => `.hada_${part}`),
  ...["w1", "w1_a", "w1_b", "w2", "w2_a", "w2_b", "t2"].map((part) => `.lokr_${part}`),
  ".diff",
];

/** Names of files of each dialect: every spelling it reads. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  peft: [
    "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight",
    "base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight",
    "base_model.model.model.layers.1.self_attn.q_proj.lora_A.default.weight",
    "base_model.model.model.layers.1.self_attn.q_proj.lora_B.default.weight",
    "base_model.model.model.embed_tokens.lora_embedding_A",
    "base_model.model.model.embed_tokens.lora_embedding_B",
    "base_model.model.wte.lora_embedding_A.default",
    "base_model.model.wte.lora_embedding_B.default",
  ],
  kohya: [
    ...["lora_unet_", "lora_te_", "lora_te2_", "lora_te3_"].flatMap((prefix) => [
      `${prefix}blocks_0_attn_to_out_0.lora_down.weight`,
      `${prefix}blocks_0_attn_to_out_0.lora_up.weight`,
      `${prefix}blocks_0_attn_to_out_0.lora_mid.weight`,
      `${prefix}blocks_0_attn_to_out_0.alpha`,
    ]),
    "lora_unet_blocks_1.lora_A.weight",
    "lora_unet_blocks_1.lora_B.weight",
  ],
  "diffusers-legacy": [
    ...["to_q", "to_k", "to_v", "to_out"].flatMap((layer) => [
      `unet.mid_block.attentions.0.attn1.processor.${layer}_lora.down.weight`,
      `unet.mid_block.attentions.0.attn1.processor.${layer}_lora.up.weight`,
      `unet.mid_block.attentions.0.attn1.processor.${layer}_lora.alpha`,
    ]),
    "text_encoder.text_model.encoder.layers.0.self_attn.q_proj.lora_linear_layer.down.weight",
    "text_encoder.text_model.encoder.layers.0.self_attn.q_proj.lora_linear_layer.up.weight",
    "unet.up_blocks.0.attn2.to_q.lora.down.weight",
    "unet.up_blocks.0.attn2.to_q.lora.up.weight",
    "unet.up_blocks.0.attn2.to_q.alpha",
  ],
  diffusers: [
    ...["unet.", "transformer.", "text_encoder.", "text_encoder_2."].flatMap((prefix) => [
      `${prefix}blocks.0.to_q.lora_A.weight`,
      `${prefix}blocks.0.to_q.lora_B.weight`,
      `${prefix}blocks.0.to_q.alpha`,
    ]),
    "unet.blocks.1.to_q.lora_A.default.weight",
    "unet.blocks.1.to_q.lora_B.default.weight",
  ],
  generic: [
    ...[".lora_A.weight", ".lora_B.weight", ".alpha"].map((ending) => `blocks.0${ending}`),
    ...[".lora_A.default.weight", ".lora_B.default.weight"].map((ending) => `blocks.1${ending}`),
    ...[".lora_A", ".lora_B"].map((ending) => `blocks.2${ending}`),
    ...[".lora_down.weight", ".lora_up.weight", ".lora_mid.weight"].map((ending) => `blocks.3${ending}`),
    ...[".lora_down", ".lora_up", ".lora_mid"].map((ending) => `blocks.4${ending}`),
    ...[".lora.down.weight", ".lora.up.weight"].map((ending) => `blocks.5${ending}`),
    ...[".down.weight", ".up.weight"].map((ending) => `blocks.6${ending}`),
    ...[".down", ".up"].map((ending) => `blocks.7${ending}`),
    ...LYCORIS.map((ending) => `blocks.8${ending}`),
  ],
  lycoris: [
    "lycoris_unet_blocks_2.lora_down.weight",
    "lycoris_blocks_2.lora_up.weight",
    ...LYCORIS.map((ending) => `lora_unet_blocks_3${ending}`),
    "lora_unet_blocks_3.alpha",
  ],
  onetrainer: ["lora_transformer_", "lora_prior_unet_", "lora_te1_"].flatMap((prefix) => [
    `${prefix}blocks_0_attn.lora_down.weight`,
    `${prefix}blocks_0_attn.lora_up.weight`,
    `${prefix}blocks_0_attn.alpha`,
  ]),
  comfyui: [
    ...[".lora_A.weight", ".lora_B.weight", ".alpha"].map((ending) => `diffusion_model.blocks.0${ending}`),
    ...[".lora_down.weight", ".lora_up.weight", ".lora_mid.weight", ".alpha"].map(
      (ending) => `text_encoders.clip_l.transformer.blocks.0${ending}`,
    ),
    ...[".lora_A.default.weight", ".lora_B.default.weight"].map(
      (ending) => `diffusion_model.blocks.1${ending}`,
    ),
    ...[".lora_A", ".lora_B"].map((ending) => `diffusion_model.blocks.2${ending}`),
    ...LYCORIS.map((ending) => `diffusion_model.blocks.3${ending}`),
  ],
  "ai-toolkit": [".lora_A.weight", ".lora_B.weight"].map((ending) => `diffusion_model.blocks.0${ending}`),
  "bfl-control": [".lora_A.weight", ".lora_B.weight"].flatMap((ending) =>
    ["img_in", "double_blocks.0.img_attn.qkv", "final_layer.linear"].map((module) => module + ending),
  ),
  xlabs: [
    ...["qkv_lora1", "qkv_lora2", "proj_lora1", "proj_lora2"].map(
      (layer) => `double_blocks.0.processor.${layer}`,
    ),
    ...["qkv_lora", "proj_lora"].map((layer) => `single_blocks.0.processor.${layer}`),
  ].flatMap((module) => [`${module}.down.weight`, `${module}.up.weight`]),
  cloneofsimo: [":down", ":up", ":alpha"].flatMap((ending) => [`unet:8${ending}`, `text_encoder:8${ending}`]),
  "peft-methods": [
    ...[".lora_A", ".lora_B", ".lora_E"].map((ending) => `base_model.model.lin0${ending}`),
    ...LYCORIS.slice(0, -1).map((ending) => `base_model.model.lin1${ending}`),
    ...[".lora_A.weight", ".lora_B.weight"].map((ending) => `base_model.model.lin2${ending}`),
    ...["A", "B"].flatMap((path) =>
      [".X", ".Xd", ".Xu"].map((ending) => `base_model.model.lin3.glora_${path}${ending}`),
    ),
    ...[".oft_R.weight", ".oft_r", ".oft_s", ".boft_R", ".boft_s", ".ia3_l"].map(
      (ending) => `base_model.model.lin4${ending}`,
    ),
  ],
  "sam-lora": ["w_a_000", "w_b_000", "w_a_010", "w_b_010"],
  loralib: [".lora_A", ".lora_B"].map((ending) => `roberta.encoder.layer.0.attention.self.query${ending}`),
  gguf: [".lora_a", ".lora_b"].map((ending) => `blk.7.attn_q.weight${ending}`),
  mlx: [".lora_a", ".lora_b"].map((ending) => `model.layers.0.self_attn.q_proj${ending}`),
};

for (const [id, names] of Object.entries(NAMES)) testDialect(dialectById(id), names);

test("every dialect has names to be tested with", () => {
  expect(dialects.map(({ id }: Dialect) => id).sort()).toEqual(Object.keys(NAMES).sort());
});
