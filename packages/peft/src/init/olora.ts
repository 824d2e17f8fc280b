import { columns, multiply, thinQr } from "@lora/linalg";
import type { Initialiser } from "./_initialiser.ts";
import { requireRankFits, requireWeight } from "./_require.ts";

/**
 * The first r columns of Q and rows of R in W = Q·R. Householder's reflections go column by column, so those of
 * the first r columns of W are all that is needed: 4·out·r² operations for Q and 2·out·in·r for its rows of R, where
 * the whole factorisation takes 4·out·in².
 */
export const olora: Initialiser = {
  id: "olora",
  title: "The leading part of the weight's QR factorisation, taken out of the weight",
  source: "Büyükakyüz 2024, arXiv 2406.01775; PEFT init_lora_weights='olora'",
  options: {},
  bind: () => ({
    id: "olora",
    title: "olora",
    needs: ["weight"],
    base: "reduced",
    peftName: true,
    make(module) {
      requireRankFits(module);
      const weight = requireWeight(module);
      const { engine, rank } = module;
      const first = columns(
        weight,
        Array.from({ length: rank }, (_, index) => index),
      );
      const { q, r } = thinQr(first, { engine });
      const down = multiply(q, weight, { transA: true, engine });
      // The triangle is known without rounding: zeros below the diagonal are zeros.
      for (let i = 0; i < rank; i++) down.data.set(r.data.subarray(i * rank, (i + 1) * rank), i * module.in);
      return { up: q, down };
    },
  }),
};
