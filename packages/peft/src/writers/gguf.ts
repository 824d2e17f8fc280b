import type { Writer } from "./_writer.ts";

export const gguf: Writer = {
  id: "gguf",
  consumers: "llama.cpp, Ollama, LM Studio",
  limits: "linear layers of language models whose GGUF names are known; one alpha (other scales are folded)",
  container: "gguf",
  scales: "one-alpha",
  oneRank: false,
  underscored: false,
  naming: () => "gguf",
  name: ({ path, layer }) => (layer === "linear" ? { module: `${path}.weight` } : undefined),
  texts: ({ modules, ggufArchitecture = "" }) => ({
    metadata: new Map([
      ["general.type", "adapter"],
      ["general.architecture", ggufArchitecture],
      ["adapter.type", "lora"],
      ["adapter.lora.alpha", String((modules[0]?.scale ?? 0) * (modules[0]?.rank ?? 0))],
    ]),
    sidecars: new Map(),
  }),
};
