import type { RowRange, Shape } from "@lora/tensor";
import type { Alias, Architecture, Clues } from "./_architecture.ts";
import { inputWidth, namesBase, somePath } from "./_clues.ts";

const WIDTH = 3072;
const PREFIX = /^(?:model\.diffusion_model\.|diffusion_model\.)?/;

/** Layers of a double block that are one layer in diffusers too. */
const DOUBLE: ReadonlyMap<string, string> = new Map([
  ["img_attn.proj", "attn.to_out.0"],
  ["txt_attn.proj", "attn.to_add_out"],
  ["img_mlp.0", "ff.net.0.proj"],
  ["img_mlp.2", "ff.net.2"],
  ["txt_mlp.0", "ff_context.net.0.proj"],
  ["txt_mlp.2", "ff_context.net.2"],
  ["img_mod.lin", "norm1.linear"],
  ["txt_mod.lin", "norm1_context.linear"],
]);

/** Layers that diffusers splits, in the order of the rows. */
const FUSED: ReadonlyMap<string, readonly string[]> = new Map([
  ["img_attn.qkv", ["attn.to_q", "attn.to_k", "attn.to_v"]],
  ["txt_attn.qkv", ["attn.add_q_proj", "attn.add_k_proj", "attn.add_v_proj"]],
  ["linear1", ["attn.to_q", "attn.to_k", "attn.to_v", "proj_mlp"]],
]);

const SINGLE: ReadonlyMap<string, string> = new Map([
  ["linear2", "proj_out"],
  ["modulation.lin", "norm.linear"],
]);

export const flux: Architecture = {
  id: "flux",
  title: "FLUX.1",
  source: "black-forest-labs/flux model.py; diffusers scripts/convert_flux_to_diffusers.py",
  score,
  /** Names of Black Forest Labs' checkpoints as diffusers' layers, fused ones by their rows. */
  aliases(name, shape) {
    const found = /^(double|single)_blocks\.(\d+)\.(.+)\.weight$/.exec(name.replace(PREFIX, ""));
    if (found === null) return [];
    const [, type, index, layer] = found;
    const block = type === "double" ? `transformer_blocks.${index}.` : `single_transformer_blocks.${index}.`;
    const parts = FUSED.get(layer!);
    if (layer === "linear1")
      return [...splitAliases(block, parts!, shape), attentionAlias(`single_blocks.${index}`, shape)];
    if (parts !== undefined) return splitAliases(block, parts, shape);
    const single = (type === "double" ? DOUBLE : SINGLE).get(layer!);
    return single === undefined ? [] : [{ component: "transformer", path: block + single }];
  },
};

/** The first three parts are as wide as the model, the last takes what is left. */
function splitAliases(block: string, parts: readonly string[], shape: Shape): readonly Alias[] {
  const [out = 0, width = 0] = shape;
  return parts.map((part, index) => {
    const rows: RowRange = [index * width, index === parts.length - 1 ? out : (index + 1) * width];
    return { component: "transformer", path: block + part, rows };
  });
}

/** XLabs adapts the queries, keys and values of a single block as one layer. */
function attentionAlias(block: string, [, width = 0]: Shape): Alias {
  return { component: "transformer", path: `${block}.linear1.qkv`, rows: [0, 3 * width] };
}

function score(clues: Clues): number {
  if (namesBase(clues, ["flux1", "flux-1", "flux.1"])) return 1;
  const blocks = /^(?:double_blocks|single_blocks|single_transformer_blocks)_\d+_/;
  if (!somePath(clues, ["unet", "transformer", "model"], blocks)) return 0;
  return inputWidth(clues, ["unet", "transformer", "model"], blocks) === WIDTH ? 0.9 : 0.2;
}
