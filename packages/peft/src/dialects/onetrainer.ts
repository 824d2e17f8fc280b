import type { Dialect } from "./_dialect.ts";
import { census, detection } from "./_score.ts";
import { parseUnderscored, underscored } from "./_underscored.ts";

/** Beginnings that only OneTrainer writes. */
const OWN = /^(?:lora_transformer_|lora_prior_unet_)/;

/** Nerogar/OneTrainer: kohya's names with diffusers' paths under `lora_transformer_`, and bundled embeddings. */
export const onetrainer: Dialect = {
  ...underscored,
  id: "onetrainer",
  title: "OneTrainer",
  source: "https://github.com/Nerogar/OneTrainer modules/module/LoRAModule.py",
  score(names) {
    const found = census(names, parseUnderscored);
    const own = found.modules.filter((module) => OWN.test(module)).length;
    const bundled = names.filter((name) => name.startsWith("bundle_emb.")).length;
    if (own + bundled === 0) return { dialect: "onetrainer", confidence: 0, reasons: [] };
    const reasons = [`${own} modules begin with lora_transformer_ or lora_prior_unet_`];
    if (bundled > 0) reasons.push(`${bundled} bundled embeddings`);
    return detection("onetrainer", names, { census: found, weight: 0.99, reasons });
  },
};
