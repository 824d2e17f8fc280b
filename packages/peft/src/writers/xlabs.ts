import type { Writer } from "./_writer.ts";

/** Layers of FLUX.1 as the processors of XLabs call their pairs. */
const PAIRS: ReadonlyMap<string, string> = new Map([
  ["img_attn.qkv", "qkv_lora1"],
  ["img_attn.proj", "proj_lora1"],
  ["txt_attn.qkv", "qkv_lora2"],
  ["txt_attn.proj", "proj_lora2"],
  ["linear1.qkv", "qkv_lora"],
  ["linear2", "proj_lora"],
]);

export const xlabs: Writer = {
  id: "xlabs",
  consumers: "x-flux, diffusers, ComfyUI",
  limits: "attention of FLUX.1 only; no scales: they are folded into the factors",
  container: "safetensors",
  scales: "none",
  oneRank: false,
  underscored: false,
  naming: () => "processor",
  name({ path }) {
    const [, block, layer] = /^((?:double|single)_blocks\.\d+)\.(.+)$/.exec(path) ?? [];
    const pair = PAIRS.get(layer ?? "");
    return pair === undefined ? undefined : { module: `${block}.processor.${pair}` };
  },
};
