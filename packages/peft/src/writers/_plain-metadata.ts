import { HEADER_CONFIG } from "../config/peft-config.ts";

/** Keys that say how the old file is to be read. Hashes stay: whoever writes the file brings them up to date. */
const OWN = /^(?:general|adapter|tokenizer)\.|^(?:unet|text_encoder):\d+:rank$/;

/** The metadata that stay true in another dialect: a trainer's notes, the model's description. */
export function plainMetadata(metadata: ReadonlyMap<string, string>): Map<string, string> {
  return new Map([...metadata].filter(([key]) => key !== HEADER_CONFIG && !OWN.test(key)));
}
