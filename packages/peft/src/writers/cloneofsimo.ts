import { plainMetadata } from "./_plain-metadata.ts";
import type { Writer } from "./_writer.ts";

export const cloneofsimo: Writer = {
  id: "cloneofsimo",
  consumers: "cloneofsimo/lora",
  limits: "modules that are numbered already; no scales: they are folded into the factors",
  container: "safetensors",
  scales: "none",
  oneRank: false,
  underscored: false,
  naming: () => "library",
  name({ component, path }) {
    if (!/^\d+$/.test(path)) return undefined;
    const prefix = component === "te1" ? "text_encoder" : component === "unet" ? "unet" : undefined;
    return prefix === undefined ? undefined : { module: `${prefix}:${path}` };
  },
  // Its loader asks the header for the rank of each module, and for the classes of layers, which stay as they were.
  texts: ({ modules, metadata }) => ({
    metadata: new Map([
      ...plainMetadata(metadata),
      ...modules.map(({ name, rank }) => [`${name}:rank`, String(rank)] as const),
    ]),
    sidecars: new Map(),
  }),
};
