import type { Architecture, Clues } from "./_architecture.ts";
import { inputWidth, namesBase, somePath } from "./_clues.ts";

const WIDTH = 3072;

export const flux: Architecture = {
  id: "flux",
  title: "FLUX.1",
  source: "black-forest-labs/flux model.py; diffusers scripts/convert_flux_to_diffusers.py",
  score,
};

function score(clues: Clues): number {
  if (namesBase(clues, ["flux1", "flux-1", "flux.1"])) return 1;
  const blocks = /^(?:double_blocks|single_blocks|single_transformer_blocks)_\d+_/;
  if (!somePath(clues, ["unet", "transformer", "model"], blocks)) return 0;
  return inputWidth(clues, ["unet", "transformer", "model"], blocks) === WIDTH ? 0.9 : 0.2;
}
