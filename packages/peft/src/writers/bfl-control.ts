import { prefixedName, type Writer } from "./_writer.ts";

export const bflControl: Writer = {
  id: "bfl-control",
  consumers: "FLUX.1 by Black Forest Labs, diffusers",
  limits: "the transformer of FLUX.1 only; no scales: they are folded into the factors",
  container: "safetensors",
  scales: "none",
  oneRank: false,
  underscored: false,
  naming: () => "original",
  name: (place, { architecture }) =>
    architecture === "flux" ? prefixedName({ unet: "", transformer: "" }, place) : undefined,
};
