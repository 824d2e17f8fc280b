import type { Initialiser } from "./_initialiser.ts";
import { uniformByWidth } from "./_uniform.ts";

/** Both factors as torch fills a linear layer. Draws: uniform r × in, uniform out × r. */
export const random: Initialiser = {
  id: "random",
  title: "Both factors uniform: the model is not the same at first; for tests",
  source: "torch.nn.Linear; PEFT init_lora_weights=False",
  options: {},
  bind: () => ({
    id: "random",
    title: "random",
    needs: [],
    base: "kept",
    peftName: false,
    make: ({ out, in: inner, rank, draws }) => ({
      down: uniformByWidth(draws, rank, inner),
      up: uniformByWidth(draws, out, rank),
    }),
  }),
};
