import { looksLikeTorch } from "../torch/looks-like.ts";
import { openTorch } from "../torch/open-torch.ts";
import type { Format } from "./_format.ts";

/** What `torch.save` writes: https://docs.pytorch.org/docs/stable/notes/serialization.html */
export const pytorch: Format = {
  id: "pytorch",
  extensions: [".pt", ".pth", ".bin", ".ckpt"],
  sniff: looksLikeTorch,
  open: openTorch,
};
