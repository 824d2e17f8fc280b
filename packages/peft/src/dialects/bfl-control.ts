import { census, detection } from "./_score.ts";
import { endingDialect } from "./_ending-dialect.ts";
import type { Dialect } from "./_dialect.ts";

const ROOTS =
  /^(?:img_in|txt_in|(?:time|vector|guidance)_in\.|final_layer\.|(?:double|single)_blocks\.\d+\.)(?!.*\.processor\.)/;

/** Norms that the control adapters of Black Forest Labs bring along. */
const NORM = /\.(?:query|key)_norm\.scale$/;

const plain = endingDialect({
  id: "bfl-control",
  title: "FLUX.1 control adapters of Black Forest Labs",
  source:
    "https://huggingface.co/black-forest-labs/FLUX.1-Depth-dev-lora; diffusers lora_conversion_utils.py",
  distinct: false,
  spellings: [{ id: "a-b", endings: { down: ".lora_A.weight", up: ".lora_B.weight" } }],
  prefixes: [],
  weight: 0.9,
  reads: (module) => ROOTS.test(module),
  elsewhere: (module) => ({ component: "transformer", path: module }),
});

/** Names of the FLUX.1 checkpoint without a prefix, with biases of `lora_B` and whole norms beside them. Scale 1. */
export const bflControl: Dialect = {
  ...plain,
  score(names) {
    const norms = names.filter((name) => NORM.test(name)).length;
    const found = census(names, plain.parse);
    const reasons = [`${norms} norms of queries and keys`];
    // The norms and biases are the dialect's own, too.
    const beside = names.filter((name) => NORM.test(name) || name.endsWith(".lora_B.bias")).length;
    const claimed = found.claimed === 0 ? 0 : found.claimed + beside;
    const share = names.length === 0 ? 0 : claimed / names.length;
    const weight = norms > 0 ? 0.98 : 0.75;
    return detection(plain.id, names, { census: { ...found, claimed, share }, weight, reasons });
  },
};
