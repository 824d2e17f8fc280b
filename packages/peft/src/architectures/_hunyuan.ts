import type { Clues } from "./_architecture.ts";
import { inputWidth, namesBase, somePath } from "./_clues.ts";
import { DENOISERS } from "./_denoiser.ts";

/** What tells one of Tencent's transformers from another: they share the names of their layers. */
export interface HunyuanMarks {
  /** Beginnings of what trainers call the base. */
  readonly bases: readonly string[];
  /** Of the model. */
  readonly width: number;
}

/** Names that no other model has. */
const OWN =
  /^(?:double_blocks_\d+_(?:img|txt)_(?:attn_[qkv]|mlp_fc[12]|mod_linear)|single_blocks_\d+_modulation_linear|txt_in_individual_token_refiner_.*|context_embedder_token_refiner_.*)$/;

/** Layers that read what is as wide as the model, those that FLUX.1 has too among them. */
const WIDE =
  /^(?:double_blocks_\d+_(?:img|txt)_(?:attn_(?:[qkv]|qkv|proj)|mlp_(?:fc1|0)|mod_lin(?:ear)?)|single_blocks_\d+_(?:linear1|modulation_lin(?:ear)?)|txt_in_individual_token_refiner_blocks_\d+_(?:self_attn_(?:qkv|proj)|mlp_fc1)|context_embedder_token_refiner_refiner_blocks_\d+_(?:attn_to_(?:[qkv]|out_0)|ff_net_0_proj)|transformer_blocks_\d+_attn_add_[qkv]_proj|single_transformer_blocks_\d+_attn_to_[qkv])$/;

/** The score by its marks; 0.2 for names of Tencent's at another width. */
export function hunyuanScore(clues: Clues, { bases, width }: HunyuanMarks): number {
  if (namesBase(clues, bases)) return 1;
  const found = inputWidth(clues, DENOISERS, WIDE);
  const own = somePath(clues, DENOISERS, OWN);
  if (found === width) return own ? 0.96 : 0.92;
  return own ? 0.2 : 0;
}
