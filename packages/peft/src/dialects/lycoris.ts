import type { Dialect } from "./_dialect.ts";
import { LYCORIS_GLORA, LYCORIS_IA3, LYCORIS_KINDS } from "./_lycoris-endings.ts";
import { census, detection } from "./_score.ts";
import { parseUnderscored, underscored } from "./_underscored.ts";

const OWN: readonly string[] = [LYCORIS_KINDS.id, LYCORIS_GLORA.id, LYCORIS_IA3.id];

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
    const kinds = names.filter((name) => OWN.includes(parseUnderscored(name)?.spelling ?? "")).length;
    if (own + kinds === 0) return { dialect: "lycoris", confidence: 0, reasons: [] };
    const reasons = [
      `${own} modules begin with lycoris_`,
      `${kinds} parts of LoHa, LoKr, OFT, GLoRA, (IA)³ or a difference`,
    ];
    return detection("lycoris", names, { census: found, weight: 0.98, reasons });
  },
};
