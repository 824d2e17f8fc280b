import type { Dialect } from "./_dialect.ts";
import { LYCORIS_KINDS } from "./_lycoris-endings.ts";
import { census, detection } from "./_score.ts";
import { parseUnderscored, underscored } from "./_underscored.ts";

/**
 * KohakuBlueleaf/LyCORIS and SimpleTuner: kohya's names with LyCORIS' kinds of update, or with prefixes that begin with
 * `lycoris_`.
 */
export const lycoris: Dialect = {
  ...underscored,
  id: "lycoris",
  title: "LyCORIS",
  source: "https://github.com/KohakuBlueleaf/LyCORIS lycoris/wrapper.py, lycoris/modules",
  score(names) {
    const found = census(names, parseUnderscored);
    const own = found.modules.filter((module) => module.startsWith("lycoris_")).length;
    const kinds = names.filter((name) => parseUnderscored(name)?.spelling === LYCORIS_KINDS.id).length;
    if (own + kinds === 0) return { dialect: "lycoris", confidence: 0, reasons: [] };
    const reasons = [`${own} modules begin with lycoris_`, `${kinds} parts of LoHa, LoKr or a difference`];
    return detection("lycoris", names, { census: found, weight: 0.98, reasons });
  },
};
