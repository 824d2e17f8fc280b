import { demand } from "./_demand.ts";
import { prefixChoice } from "./_prefix.ts";
import type { RankRule } from "./_rank-rule.ts";

type KneeOptions = {
  /** Whether the curve is σ or log σ; `linear` when left out. */
  readonly scale?: string | undefined;
};

const SCALES = ["linear", "log"];

/** Distances from the chord below this are rounding: a straight line has no knee. */
const STRAIGHT = 1e-9;

/**
 * Where the curve y₁ ≥ … ≥ yₙ, drawn in the unit square, lies farthest below the chord of its ends;
 * n where it nowhere does. Counted from 0, so it is also how many values come before the knee.
 */
function kneeOf(y: Float64Array): number {
  const [first = 0, last = 0] = [y[0], y[y.length - 1]];
  let knee = y.length;
  let farthest = STRAIGHT;
  y.forEach((value, index) => {
    const distance = (first - value) / (first - last) - index / (y.length - 1);
    if (distance > farthest) [knee, farthest] = [index, distance];
  });
  return knee;
}

/**
 * Keeps what stands before the knee of the spectrum: the first index of maximal distance to the chord from
 * (1, σ₁) to (n, σₙ). The knee itself belongs to the flat part and is dropped. Values at or below
 * σ₁ · max(out, in) · 2⁻⁵² are rounding noise and no part of the curve. No knee: all others are kept.
 */
export const knee: RankRule<KneeOptions> = {
  id: "knee",
  title: "Keeps the pairs before the knee of the module's spectrum",
  source: "Satopää, Albrecht, Irwin & Raghavan, Finding a “Kneedle” in a Haystack (2011), without smoothing",
  options: {
    scale: {
      kind: "text",
      required: false,
      choices: SCALES,
      description: "curve of σ (linear) or of log σ (log)",
    },
  },
  bind({ scale = "linear" }) {
    demand(SCALES.includes(scale), "scale", SCALES.join(" or "), scale);
    return prefixChoice({ rule: "knee", title: `knee (${scale})` }, (s, module) => {
      const noise = (s[0] ?? 0) * Math.max(module.out, module.in) * Number.EPSILON;
      const curve = s.filter((value) => value > noise);
      return kneeOf(scale === "log" ? curve.map(Math.log) : curve);
    });
  },
};
