import type { Shape } from "@lora/tensor";
import { expect, test } from "vitest";
import { fileOf } from "../files.test-helper.ts";
import { readAdapter } from "../reading/read-adapter.ts";

const ATTENTION = "down_blocks_1_attentions_0_transformer_blocks_0_attn2_to_k";

function pair(name: string, width: number): Record<string, Shape> {
  return { [`${name}.lora_down.weight`]: [2, width], [`${name}.lora_up.weight`]: [8, 2] };
}

test.each([
  ["sd1", pair(`lora_unet_${ATTENTION}`, 768), {}],
  ["sd2", pair(`lora_unet_${ATTENTION}`, 1024), {}],
  ["sdxl", pair(`lora_unet_${ATTENTION}`, 2048), {}],
  ["sdxl", pair("lora_unet_input_blocks_4_1_transformer_blocks_0_attn2_to_v", 2048), {}],
  ["unknown", pair(`lora_unet_${ATTENTION}`, 5), {}],
  ["sd1", pair("lora_te_text_model_encoder_layers_0_self_attn_q_proj", 768), {}],
  ["sd2", pair("lora_te_text_model_encoder_layers_0_mlp_fc1", 1024), {}],
  ["sdxl", pair("lora_te2_text_model_encoder_layers_0_mlp_fc1", 1280), {}],
  ["sdxl", pair("lora_unet_a", 5), { ss_base_model_version: "sdxl_base_v1-0" }],
  ["flux", pair("lora_unet_a", 5), { "modelspec.architecture": "Flux-1-dev/lora" }],
  ["flux", pair("lora_unet_double_blocks_0_img_attn_qkv", 3072), {}],
  ["sd3", pair("lora_unet_joint_blocks_0_x_block_attn_qkv", 1536), {}],
  ["sd3", pair("lora_transformer_transformer_blocks_0_attn_add_q_proj", 2432), {}],
  ["unknown", pair("lora_transformer_transformer_blocks_0_attn_add_q_proj", 3072), {}],
  ["wan", pair("diffusion_model.blocks.0.cross_attn.k_img", 5120), {}],
  ["wan", pair("lora_unet_blocks_0_ffn_0", 1536), {}],
  ["wan", pair("transformer.blocks.0.attn1.to_q", 1536), {}],
  ["hunyuan-video", pair("lora_unet_double_blocks_0_img_mlp_fc1", 3072), {}],
  ["qwen-image", pair("transformer_blocks.0.attn.to_k", 3072), {}],
  ["qwen-image", pair("lora_unet_transformer_blocks_0_img_mod_1", 3072), {}],
  ["flux", pair("diffusion_model.single_transformer_blocks.0.attn.to_k", 3072), {}],
  ["z-image", pair("diffusion_model.layers.0.attention.to_q", 3840), {}],
  ["lumina2", pair("diffusion_model.layers.0.attention.qkv", 2304), {}],
  ["unknown", pair("diffusion_model.layers.0.attention.qkv", 5), {}],
  [
    "chroma",
    {
      ...pair("diffusion_model.double_blocks.0.img_attn.qkv", 3072),
      ...pair("diffusion_model.distilled_guidance_layer.in_proj", 64),
    },
    {},
  ],
  ["anima", pair("lora_unet_blocks_0_cross_attn_k_proj", 2048), {}],
  ["krea2", pair("lora_unet_blocks_0_attn_wq", 6144), {}],
  ["ltx", pair("diffusion_model.transformer_blocks.0.attn1.to_q", 2048), {}],
  ["ltx", pair("a.b", 5), { ss_base_model_version: "ltx2" }],
  ["llama", pair("model.layers.0.self_attn.q_proj", 64), {}],
  ["transformer", pair("h.0.attn.c_attn", 64), {}],
  ["unknown", pair("lora_unet_a", 5), {}],
  ["hunyuan-image", pair("lora_unet_double_blocks_0_img_mlp_fc1", 3584), {}],
  ["hunyuan-image", pair("lora_unet_double_blocks_0_img_mlp_0", 3584), {}],
  ["hunyuan-image", pair("transformer.single_transformer_blocks.0.attn.to_q", 3584), {}],
  ["hunyuan-image", pair("a.b", 5), { "modelspec.architecture": "hunyuan-image-2.1/lora" }],
  ["hunyuan-video", pair("diffusion_model.double_blocks.19.img_attn.qkv", 3072), {}],
  ["hunyuan-video", pair("transformer.single_transformer_blocks.39.attn.to_q", 3072), {}],
  ["hunyuan-video", pair("lora_unet_double_blocks_0_img_mlp_fc1", 5), {}],
  ["hunyuan-video", pair("a.b", 5), { ss_base_model_version: "hunyuan_video" }],
  ["hunyuan-video-15", pair("lora_unet_double_blocks_0_img_attn_q", 2048), {}],
  ["hunyuan-video-15", pair("a.b", 5), { ss_base_model_version: "hunyuan_video_1_5" }],
  ["flux2", pair("diffusion_model.double_blocks.0.img_attn.qkv", 6144), {}],
  ["flux2", pair("transformer.single_transformer_blocks.0.attn.to_qkv_mlp_proj", 3072), {}],
  [
    "flux2",
    {
      "lora_unet_single_blocks_0_linear1.lora_down.weight": [2, 3072],
      "lora_unet_single_blocks_0_linear1.lora_up.weight": [27648, 2],
    },
    {},
  ],
  ["flux2", pair("a.b", 5), { "modelspec.architecture": "Flux.2-klein-4b/lora" }],
])("%s is told by paths, widths or the trainer's note", async (id, shapes, metadata) => {
  expect((await readAdapter(fileOf(shapes, { metadata }))).baseArchitecture).toBe(id);
});
