import type { LayerNames } from "./_layout.ts";

/** Layers of a residual block, in the original names and in diffusers'. */
const RESNET: readonly (readonly [original: string, library: string])[] = [
  ["in_layers.0", "norm1"],
  ["in_layers.2", "conv1"],
  ["emb_layers.1", "time_emb_proj"],
  ["out_layers.0", "norm2"],
  ["out_layers.3", "conv2"],
  ["skip_connection", "conv_shortcut"],
];

/** Layers of a block of transformers, in both. */
const ATTENTION: readonly string[] = [
  "norm",
  "proj_in",
  "proj_out",
  ...["attn1", "attn2"].flatMap((attention) =>
    ["to_q", "to_k", "to_v", "to_out.0"].map((layer) => `transformer_blocks.#.${attention}.${layer}`),
  ),
  ...["ff.net.0.proj", "ff.net.2", "norm1", "norm2", "norm3"].map((layer) => `transformer_blocks.#.${layer}`),
];

const OUTSIDE: readonly (readonly [original: string, library: string])[] = [
  ["input_blocks.0.0", "conv_in"],
  ["time_embed.0", "time_embedding.linear_1"],
  ["time_embed.2", "time_embedding.linear_2"],
  ["label_emb.0.0", "add_embedding.linear_1"],
  ["label_emb.0.2", "add_embedding.linear_2"],
  ["out.0", "conv_norm_out"],
  ["out.2", "conv_out"],
];

/** What tells one U-Net of Stable Diffusion from another: its levels, and those that have attention on the way up. */
export interface UnetForm {
  readonly levels: number;
  readonly attentionUp: readonly number[];
}

/**
 * The layers of a U-Net of Stable Diffusion. Two blocks a level on the way down, three on the way up; an upsampler comes
 * after the attention of its block, where that has any.
 *
 * @see diffusers scripts/convert_diffusers_to_original_stable_diffusion.py
 */
export function unetLayers({ levels, attentionUp }: UnetForm): LayerNames[] {
  const samplers = range(levels - 1).flatMap((level): [string, string][] => [
    [`input_blocks.${3 * (level + 1)}.0.op`, `down_blocks.${level}.downsamplers.0.conv`],
    [
      `output_blocks.${3 * level + 2}.${attentionUp.includes(level) ? 2 : 1}.conv`,
      `up_blocks.${level}.upsamplers.0.conv`,
    ],
  ]);
  const blocks = range(levels).flatMap((level) => [
    ...range(2).flatMap((j) => blockLayers(`input_blocks.${3 * level + j + 1}`, `down_blocks.${level}`, j)),
    ...range(3).flatMap((j) => blockLayers(`output_blocks.${3 * level + j}`, `up_blocks.${level}`, j)),
  ]);
  const middle = [
    ...resnetLayers("middle_block.0", "mid_block.resnets.0"),
    ...attentionLayers("middle_block.1", "mid_block.attentions.0"),
    ...resnetLayers("middle_block.2", "mid_block.resnets.1"),
  ];
  return [...OUTSIDE, ...samplers, ...blocks, ...middle].map(([original, library]) => ({
    library: [library],
    names: { original },
  }));
}

function blockLayers(original: string, library: string, j: number): [string, string][] {
  return [
    ...resnetLayers(`${original}.0`, `${library}.resnets.${j}`),
    ...attentionLayers(`${original}.1`, `${library}.attentions.${j}`),
  ];
}

function resnetLayers(original: string, library: string): [string, string][] {
  return RESNET.map(([from, to]) => [`${original}.${from}`, `${library}.${to}`]);
}

function attentionLayers(original: string, library: string): [string, string][] {
  return ATTENTION.map((layer) => [`${original}.${layer}`, `${library}.${layer}`]);
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
