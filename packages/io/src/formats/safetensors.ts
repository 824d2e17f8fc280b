import { looksLikeSafetensors } from "../safetensors/looks-like.ts";
import { openSafetensors } from "../safetensors/open.ts";
import { writeSafetensors } from "../safetensors/write.ts";
import type { Format } from "./_format.ts";

/** https://huggingface.co/docs/safetensors: a JSON header, then the values, dense and little-endian. */
export const safetensors: Format = {
  id: "safetensors",
  extensions: [".safetensors"],
  sniff: looksLikeSafetensors,
  open: openSafetensors,
  write: writeSafetensors,
};
