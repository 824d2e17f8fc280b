import type { Writer } from "./_writer.ts";

export const samLora: Writer = {
  id: "sam-lora",
  consumers: "Sam_LoRA",
  limits: "modules that are numbered already; no scales: they are folded into the factors",
  container: "safetensors",
  scales: "none",
  oneRank: false,
  underscored: false,
  naming: () => "library",
  name: ({ component, path }) =>
    component === "model" && /^\d{3}$/.test(path) ? { module: `w_${path}` } : undefined,
};
