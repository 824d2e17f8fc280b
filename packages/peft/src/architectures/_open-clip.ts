import type { Shape } from "@lora/tensor";
import type { Component } from "../adapter.ts";
import type { Alias } from "./_architecture.ts";

/** In the order of the rows of `in_proj_weight` (torch MultiheadAttention). */
const PROJECTIONS = ["q_proj", "k_proj", "v_proj"];

/** Layers of a residual block, in the names of OpenCLIP and of transformers. */
const LAYERS: ReadonlyMap<string, string> = new Map([
  ["attn.out_proj.weight", "self_attn.out_proj"],
  ["mlp.c_fc.weight", "mlp.fc1"],
  ["mlp.c_proj.weight", "mlp.fc2"],
  ["ln_1.weight", "layer_norm1"],
  ["ln_2.weight", "layer_norm2"],
]);

const OUTSIDE: ReadonlyMap<string, string> = new Map([
  ["token_embedding.weight", "text_model.embeddings.token_embedding"],
  ["positional_embedding", "text_model.embeddings.position_embedding"],
  ["ln_final.weight", "text_model.final_layer_norm"],
]);

/**
 * What a tensor of an OpenCLIP text encoder is in the names of transformers. `in_proj_weight` holds query, key and
 * value on top of each other; `text_projection` is multiplied from the right, so it is stored as in × out.
 *
 * @param name without the prefix of the encoder
 */
export function openClipAliases(name: string, shape: Shape, component: Component): readonly Alias[] {
  const block = /^transformer\.resblocks\.(\d+)\.(.+)$/.exec(name);
  if (block !== null)
    return blockAliases(`text_model.encoder.layers.${block[1]}`, block[2]!, { shape, component });
  if (name === "text_projection") return [{ component, path: "text_projection", transposed: true }];
  const path = OUTSIDE.get(name);
  return path === undefined ? [] : [{ component, path }];
}

function blockAliases(
  layer: string,
  rest: string,
  { shape, component }: { readonly shape: Shape; readonly component: Component },
): readonly Alias[] {
  if (rest === "attn.in_proj_weight") {
    const rows = shape[0]! / PROJECTIONS.length;
    return PROJECTIONS.map((projection, index) => ({
      component,
      path: `${layer}.self_attn.${projection}`,
      rows: [index * rows, (index + 1) * rows],
    }));
  }
  const known = LAYERS.get(rest);
  return known === undefined ? [] : [{ component, path: `${layer}.${known}` }];
}
