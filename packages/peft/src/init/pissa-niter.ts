import { demandCount } from "../rank/_demand.ts";
import type { Initialiser } from "./_initialiser.ts";
import { requireRankFits, requireWeight } from "./_require.ts";
import { sketchedSvd } from "./_sketched-svd.ts";
import { firstIndices } from "../rank/_prefix.ts";
import { splitEvenly } from "./_split.ts";

type PissaNiterOptions = {
  /** Passes over the weight; 4 when left out. */
  readonly iterations?: number | undefined;
  /** Directions tried besides the rank; 0, as in PEFT, when left out. */
  readonly oversampling?: number | undefined;
};

/**
 * As `pissa`, by a randomised SVD: 2·iterations + 2 products of W with r columns in place of the whole SVD. The part
 * that is taken out is exact either way, since W keeps what is left. Draws: one normal, min(out, in) × width.
 */
export const pissaNiter: Initialiser<PissaNiterOptions> = {
  id: "pissa_niter",
  title: "The principal part of the weight, by a randomised SVD, taken out of the weight",
  source: "Meng et al. 2024, arXiv 2404.02948; PEFT init_lora_weights='pissa_niter_4'",
  options: {
    iterations: { kind: "integer", required: false, description: "passes over the weight; 4 when left out" },
    oversampling: { kind: "integer", required: false, description: "directions tried besides the rank; 0" },
  },
  bind({ iterations = 4, oversampling = 0 }) {
    demandCount("iterations", iterations, 0);
    demandCount("oversampling", oversampling, 0);
    return {
      id: "pissa_niter",
      title: `pissa_niter ${iterations}`,
      needs: ["weight"],
      base: "reduced",
      peftName: true,
      make(module) {
        requireRankFits(module);
        const { engine, rank, scale, draws } = module;
        const width = Math.min(rank + oversampling, module.out, module.in);
        const triples = sketchedSvd(requireWeight(module, "sized"), {
          name: "the weight",
          width,
          iterations,
          draws,
          engine,
        });
        return splitEvenly(triples, firstIndices(rank), scale);
      },
    };
  },
};
