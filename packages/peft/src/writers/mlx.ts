import { PEFT_CONFIG } from "../config/lora-config-text.ts";
import { pythonJson } from "../config/python-json.ts";
import { mlxMagnitude } from "./_magnitudes.ts";
import { plainMetadata } from "./_plain-metadata.ts";
import type { TextsOf, Writer } from "./_writer.ts";

export const mlx: Writer = {
  id: "mlx",
  consumers: "MLX LM",
  limits: "language models only; one rank (others are padded with zeros) and one scale (others are folded)",
  container: "safetensors",
  fileName: "adapters.safetensors",
  scales: "one-scale",
  magnitudes: mlxMagnitude,
  oneRank: true,
  underscored: false,
  naming: () => "library",
  name: ({ component, path }) => (component === "model" && path.includes(".") ? { module: path } : undefined),
  texts: ({ modules, metadata, magnitudes }) => ({
    metadata: plainMetadata(metadata),
    sidecars: new Map([[PEFT_CONFIG, configText(modules, magnitudes)]]),
  }),
};

/** All that MLX LM's `load_adapters` reads: which layers to adapt, and how. */
function configText(modules: TextsOf["modules"], magnitudes: boolean): string {
  const [first] = modules;
  const keys = new Set(modules.map(({ path }) => path.replace(/^.*?\.\d+\./, "")));
  return pythonJson(
    {
      fine_tune_type: magnitudes ? "dora" : "lora",
      lora_parameters: { dropout: 0, keys: [...keys].sort(), rank: first?.rank, scale: first?.scale },
      // All layers; those without a pair keep a zero update.
      num_layers: -1,
    },
    { sorted: true, floats: new Set(["/lora_parameters/scale", "/lora_parameters/dropout"]) },
  );
}
