import { zeros } from "@lora/linalg";
import type { Initialiser } from "./_initialiser.ts";
import { uniformByWidth } from "./_uniform.ts";

/** Down uniform in ±1/√in, up zero. Draws: one uniform, r × in. */
export const kaiming: Initialiser = {
  id: "default",
  title: "Uniform down, zero up: the model is the same at first",
  source: "Hu et al. 2021, arXiv 2106.09685; PEFT init_lora_weights=True",
  options: {},
  bind: () => ({
    id: "default",
    title: "default",
    needs: [],
    base: "kept",
    peftName: true,
    make: ({ out, in: inner, rank, draws }) => ({
      down: uniformByWidth(draws, rank, inner),
      up: zeros(out, rank),
    }),
  }),
};
