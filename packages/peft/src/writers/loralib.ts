import type { Writer } from "./_writer.ts";

export const loralib: Writer = {
  id: "loralib",
  consumers: "programs that use microsoft/LoRA",
  limits: "language models only; no scales: they are folded into the factors, so train on with alpha = r",
  container: "safetensors",
  scales: "none",
  oneRank: false,
  underscored: false,
  naming: () => "library",
  name: ({ component, path, layer }) =>
    component === "model" && layer === "linear" && /(?:^|\.)(?:layers?|h)\.\d+\./.test(path)
      ? { module: path }
      : undefined,
};
