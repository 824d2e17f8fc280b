import { expect, test } from "vitest";
import { dialects } from "../dialects/_index.ts";
import { canonicalTarget } from "./canonical-target.ts";

function target(name: string, id: string): string {
  const dialect = dialects.find((candidate) => candidate.id === id)!;
  return canonicalTarget(dialect.place(dialect.parse(name)!.module));
}

const ATTENTION = "attentions.0.transformer_blocks.1.attn1.to_out";

test.each([
  [
    "unet/down_blocks_1_attentions_0_transformer_blocks_1_attn1_to_out_0",
    [
      ["lora_unet_input_blocks_4_1_transformer_blocks_1_attn1_to_out_0.lora_down.weight", "kohya"],
      [`lora_unet_down_blocks_1_${ATTENTION.replaceAll(".", "_")}_0.lora_down.weight`, "kohya"],
      [`unet.down_blocks.1.${ATTENTION}.0.lora_A.weight`, "diffusers"],
      [`unet.down_blocks.1.${ATTENTION}.0.lora.down.weight`, "diffusers-legacy"],
      [
        `down_blocks.1.${ATTENTION.replace("to_out", "processor.to_out_lora")}.down.weight`,
        "diffusers-legacy",
      ],
      ["diffusion_model.input_blocks.4.1.transformer_blocks.1.attn1.to_out.0.lora_A.weight", "generic"],
    ],
  ],
  [
    "te1/text_model_encoder_layers_3_mlp_fc1",
    [
      ["lora_te_text_model_encoder_layers_3_mlp_fc1.alpha", "kohya"],
      ["lora_te1_text_model_encoder_layers_3_mlp_fc1.alpha", "kohya"],
      ["text_encoder.text_model.encoder.layers.3.mlp.fc1.lora_linear_layer.up.weight", "diffusers-legacy"],
    ],
  ],
  [
    "unet/transformer_blocks_0_attn_to_q",
    [
      ["lora_transformer_transformer_blocks_0_attn_to_q.alpha", "kohya"],
      ["transformer.transformer_blocks.0.attn.to_q.lora_A.weight", "diffusers"],
      ["diffusion_model.transformer_blocks.0.attn.to_q.lora_A.weight", "generic"],
      ["transformer_blocks.0.attn.to_q.lora_A.weight", "generic"],
      ["base_model.model.transformer_blocks.0.attn.to_q.lora_A.weight", "peft"],
    ],
  ],
])("%s has one key in every dialect", (key, names) => {
  expect(names.map(([name, id]) => target(name!, id!))).toEqual(names.map(() => key));
});

test.each([
  ["input_blocks_0_0", "conv_in"],
  ["input_blocks_3_0_op", "down_blocks_0_downsamplers_0_conv"],
  ["input_blocks_11_0_in_layers_2", "down_blocks_3_resnets_1_conv1"],
  ["middle_block_2_out_layers_3", "mid_block_resnets_1_conv2"],
  ["output_blocks_2_1_conv", "up_blocks_0_upsamplers_0_conv"],
  ["output_blocks_2_2_conv", "up_blocks_0_upsamplers_0_conv"],
  ["output_blocks_3_0_skip_connection", "up_blocks_1_resnets_0_conv_shortcut"],
  ["label_emb_0_2", "add_embedding_linear_2"],
  ["out_2", "conv_out"],
])("%s of the original U-Net is %s", (sgm, diffusers) => {
  expect(canonicalTarget({ component: "unet", path: sgm })).toBe(`unet/${diffusers}`);
});
