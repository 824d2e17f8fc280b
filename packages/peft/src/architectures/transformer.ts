import type { Architecture } from "./_architecture.ts";
import { somePath } from "./_clues.ts";

/** Any other transformer with numbered layers: GPT-2, GPT-Neo, BERT, T5, BLOOM … */
export const transformer: Architecture = {
  id: "transformer",
  title: "another transformer",
  source: "huggingface/transformers",
  score: (clues) => (somePath(clues, ["model"], /(?:^|_)(?:h|layers?)_\d+_/) ? 0.4 : 0),
};
