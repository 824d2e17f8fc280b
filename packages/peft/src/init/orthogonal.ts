import { type Matrix, multiply, scaled, thinQr, transpose } from "@lora/linalg";
import { LoraError } from "@lora/tensor";
import type { Initialiser } from "./_initialiser.ts";

/** What torch's draws are divided by. */
const DIVISOR = 10;

/**
 * Both factors random, and up · down = 0: their inner sides are alternate rows of one orthogonal r × r matrix.
 * Draws: normal r × r, in × r/2, r/2 × out.
 */
export const orthogonal: Initialiser = {
  id: "orthogonal",
  title: "Random factors whose product is zero: the model is the same at first",
  source: "datta0.github.io/posts/rethink-lora-init; PEFT init_lora_weights='orthogonal'",
  options: {},
  bind: () => ({
    id: "orthogonal",
    title: "orthogonal",
    needs: [],
    base: "kept",
    peftName: "orthogonal",
    make({ out, in: inner, rank, draws, engine }) {
      if (rank % 2 !== 0) {
        throw new LoraError("USAGE", `orthogonal factors take an even rank, not ${rank}`, {
          rank,
          advice: `ask for rank ${rank + 1}`,
        });
      }
      const { q } = thinQr(draws.normal(rank, rank), { engine });
      const toDown = draws.normal(inner, rank / 2);
      const toUp = transpose(draws.normal(rank / 2, out));
      return {
        down: transpose(scaled(multiply(toDown, everySecondRow(q, 0), { engine }), 1 / DIVISOR)),
        up: scaled(multiply(toUp, everySecondRow(q, 1), { engine }), 1 / DIVISOR),
      };
    },
  }),
};

function everySecondRow({ rows, cols, data }: Matrix, first: 0 | 1): Matrix {
  const kept = new Float64Array((rows / 2) * cols);
  for (let i = 0; i < rows / 2; i++) {
    const from = (2 * i + first) * cols;
    kept.set(data.subarray(from, from + cols), i * cols);
  }
  return { rows: rows / 2, cols, data: kept };
}
