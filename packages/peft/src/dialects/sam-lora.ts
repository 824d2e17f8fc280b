import { alphaScaling, sameTexts } from "./_alpha-scaling.ts";
import type { Dialect } from "./_dialect.ts";
import { census, detection } from "./_score.ts";

const NAME = /^w_([ab])_(\d+)$/;

/** Queries and values of Segment Anything's image encoder by number, `w_a_003` with `w_b_003`. The scale is 1. */
export const samLora: Dialect = {
  id: "sam-lora",
  title: "Sam_LoRA (numbered pairs w_a, w_b)",
  source: "https://github.com/MathieuNlp/Sam_LoRA src/lora.py",
  keepsEveryModule: true,
  distinct: true,
  score(names) {
    const found = census(names, samLora.parse);
    return detection("sam-lora", names, { census: found, weight: 1, reasons: ["numbered pairs w_a, w_b"] });
  },
  parse(name) {
    const found = NAME.exec(name);
    if (found === null) return undefined;
    return { module: `w_${found[2]}`, part: found[1] === "a" ? "down" : "up", spelling: "numbered" };
  },
  print: (module, part) => module.replace("w_", part === "down" ? "w_a_" : "w_b_"),
  place: (module) => ({ component: "model", path: module.slice("w_".length) }),
  scaling: () => alphaScaling,
  texts: sameTexts,
};
