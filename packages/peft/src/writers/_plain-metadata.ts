import { HEADER_CONFIG } from "../config/peft-config.ts";

/** Keys that say how the old file is to be read, or what its bytes are. */
const OWN = /^(?:general|adapter|tokenizer)\.|^sshs_|^(?:unet|text_encoder):\d+:rank$/;

/** The metadata that stay true in another dialect: a trainer's notes, the model's description. */
export function plainMetadata(metadata: ReadonlyMap<string, string>): Map<string, string> {
  return new Map([...metadata].filter(([key]) => key !== HEADER_CONFIG && !OWN.test(key)));
}
