import { scaled, zeros } from "@lora/linalg";
import type { Initialiser } from "./_initialiser.ts";

/** Down normal with deviation 1/r, up zero. Draws: one normal, r × in. */
export const gaussian: Initialiser = {
  id: "gaussian",
  title: "Gaussian down, zero up: the model is the same at first",
  source: "diffusers' LoRA layers; PEFT init_lora_weights='gaussian'",
  options: {},
  bind: () => ({
    id: "gaussian",
    title: "gaussian",
    needs: [],
    base: "kept",
    peftName: "gaussian",
    make: ({ out, in: inner, rank, draws }) => ({
      down: scaled(draws.normal(rank, inner), 1 / rank),
      up: zeros(out, rank),
    }),
  }),
};
