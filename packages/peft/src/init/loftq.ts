import type { Matrix } from "@lora/linalg";
import { demand, demandCount } from "../rank/_demand.ts";
import { fittedToLoss } from "./_fitted-to-loss.ts";
import type { InitFactors, Initialiser } from "./_initialiser.ts";
import { throughInt8, throughNf4 } from "./_quantise.ts";
import { requireRankFits, requireWeight } from "./_require.ts";
import { withoutUpdate } from "./_residual.ts";

type LoftqOptions = {
  /** 4 (NF4 in blocks of 64) or 8 (rows in 255 steps); 4 when left out. */
  readonly bits?: number | undefined;
  /** 1 when left out. */
  readonly iterations?: number | undefined;
  /** Make factors for a scale of 1, whatever the scale is. */
  readonly peftScale?: boolean | undefined;
};

/**
 * In turns: Q ← what is left of W quantised, s·up·down ← the best approximation of W − Q at rank r. The weight becomes
 * Q, so that W ≈ Q + s·up·down even where Q is stored in few bits. PEFT does not divide by s, which makes the sum
 * worse than Q alone when s is not 1: `peftScale` does the same. Compared with PEFT 0.21's `loftq_init`, whose loop ran on the
 * published definitions of NF4 and of eight bits; its two bits, and uniform four, went out of PEFT with 0.20.
 */
export const loftq: Initialiser<LoftqOptions> = {
  id: "loftq",
  title: "A quantised weight, and factors that make up for what quantising lost",
  source: "Li et al. 2023, arXiv 2310.08659; PEFT init_lora_weights='loftq'",
  options: {
    bits: { kind: "integer", required: false, description: "4 (NF4, the default) or 8" },
    iterations: { kind: "integer", required: false, description: "turns of quantising and fitting; 1" },
    peftScale: { kind: "flag", required: false, description: "factors for a scale of 1, as PEFT makes them" },
  },
  bind({ bits = 4, iterations = 1, peftScale = false }) {
    demand(bits === 4 || bits === 8, "bits", "4 (nf4) or 8 (int8)", bits);
    demandCount("iterations", iterations, 1);
    return {
      id: "loftq",
      title: `loftq ${bits} bits, ${iterations} ${iterations === 1 ? "turn" : "turns"}`,
      needs: ["weight"],
      base: "replaced",
      peftName: true,
      make(module) {
        requireRankFits(module);
        const weight = requireWeight(module);
        const { engine, rank } = module;
        const scale = peftScale ? 1 : module.scale;
        const quantise = bits === 4 ? throughNf4 : throughInt8;
        const fitted = (base: Matrix): InitFactors => ({
          ...fittedToLoss(weight, base, { rank, scale, engine }),
          base,
        });
        let found = fitted(quantise(weight));
        for (let turn = 1; turn < iterations; turn++) {
          found = fitted(quantise(withoutUpdate(weight, found, { scale, engine })));
        }
        return found;
      },
    };
  },
};
