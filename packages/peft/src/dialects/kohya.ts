import type { Dialect } from "./_dialect.ts";
import { prefixCensus } from "./_places.ts";
import { census, detection } from "./_score.ts";
import { parseUnderscored, underscored, UNDERSCORED_PREFIXES } from "./_underscored.ts";

/**
 * The naming of kohya-ss/sd-scripts, for Stable Diffusion 1, 2, XL, 3, FLUX and what came after: a prefix for the
 * component, then the module path with underscores for its dots, which cannot be undone by rule: bases are paired
 * by writing their names this way.
 */
export const kohya: Dialect = {
  ...underscored,
  id: "kohya",
  title: "kohya (sd-scripts, musubi-tuner)",
  source: "https://github.com/kohya-ss/sd-scripts networks/lora.py",
  score(names) {
    const found = census(names, parseUnderscored);
    const prefixes = prefixCensus(UNDERSCORED_PREFIXES, found.modules);
    const reasons = [`underscored modules; prefixes ${prefixes === "" ? "none known" : prefixes}`];
    return detection("kohya", names, { census: found, weight: prefixes === "" ? 0.7 : 0.96, reasons });
  },
};
