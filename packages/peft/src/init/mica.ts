import { columns, svd, zeros } from "@lora/linalg";
import type { Initialiser } from "./_initialiser.ts";
import { requireRankFits, requireWeight } from "./_require.ts";

/** Up is the r left singular vectors of W with the smallest values, and is not trained; down is zero. */
export const mica: Initialiser = {
  id: "mica",
  title: "Up along the weight's minor directions and frozen, zero down: the model is the same at first",
  source: "Minor Component Adaptation, arXiv 2604.01694; PEFT init_lora_weights='mica'",
  options: {},
  bind: () => ({
    id: "mica",
    title: "mica",
    needs: ["weight"],
    base: "kept",
    peftName: "mica",
    make(module) {
      requireRankFits(module);
      const { engine, rank } = module;
      const { u } = svd(requireWeight(module), { engine });
      const last = Array.from({ length: rank }, (_, index) => u.cols - rank + index);
      return { up: columns(u, last), down: zeros(rank, module.in) };
    },
  }),
};
