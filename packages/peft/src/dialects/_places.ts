import type { Component } from "../adapter.ts";
import type { Place } from "./_dialect.ts";

/** A prefix of module names and the component it stands for. */
export type PlacePrefix = readonly [prefix: string, component: Component];

/** Strips the first prefix that fits. Longer prefixes must come before their beginnings. */
export function stripPrefix(prefixes: readonly PlacePrefix[], module: string): Place | undefined {
  const found = prefixes.find(([prefix]) => module.startsWith(prefix));
  return found && { component: found[1], path: module.slice(found[0].length) };
}

/** Components as diffusers' pipelines call them. */
export const PIPELINE_PREFIXES: readonly PlacePrefix[] = [
  ["unet.", "unet"],
  ["transformer.", "transformer"],
  ["text_encoder.", "te1"],
  ["text_encoder_2.", "te2"],
  ["text_encoder_3.", "te3"],
];

/** Components as checkpoints that hold a whole pipeline call them, ComfyUI's own LoRA names among them. */
export const CHECKPOINT_PREFIXES: readonly PlacePrefix[] = [
  ["model.diffusion_model.", "unet"],
  ["diffusion_model.", "unet"],
  ["text_encoders.clip_l.transformer.", "te1"],
  ["text_encoders.clip_g.transformer.", "te2"],
  ["text_encoders.t5xxl.transformer.", "te3"],
  ["text_encoders.qwen3_06b.transformer.model.", "te1"],
];

/** `prefix (how many)` for each prefix that names begin with, most frequent first; for reasons and reports. */
export function prefixCensus(prefixes: readonly PlacePrefix[], modules: Iterable<string>): string {
  const counts = new Map<string, number>();
  for (const module of modules) {
    const prefix = prefixes.find(([candidate]) => module.startsWith(candidate))?.[0];
    if (prefix !== undefined) counts.set(prefix, (counts.get(prefix) ?? 0) + 1);
  }
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([prefix, count]) => `${prefix} (${count})`)
    .join(", ");
}
