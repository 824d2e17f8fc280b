import { type Matrix, scaledColumns, transpose, zeros } from "@lora/linalg";
import type { InitComponents, Initialiser } from "./_initialiser.ts";
import { requireComponents } from "./_require.ts";

type EvaOptions = {
  /** Divide each direction by the root of its singular value. */
  readonly whiten?: boolean | undefined;
};

/** Down holds the principal directions of the module's inputs, up is zero. The directions come from `evaDirections`. */
export const eva: Initialiser<EvaOptions> = {
  id: "eva",
  title: "Down along what varies most in the inputs, zero up: the model is the same at first",
  source: "Paischer et al. 2024, arXiv 2410.07170; PEFT init_lora_weights='eva'",
  options: {
    whiten: {
      kind: "flag",
      required: false,
      description: "divide each direction by the root of its singular value",
    },
  },
  bind: ({ whiten = false }) => ({
    id: "eva",
    title: whiten ? "eva, whitened" : "eva",
    needs: ["components"],
    base: "kept",
    peftName: "eva",
    make(module) {
      const components = requireComponents(module);
      return { down: leading(components, module.rank, whiten), up: zeros(module.out, module.rank) };
    },
  }),
};

function leading({ directions, singularValues }: InitComponents, rank: number, whiten: boolean): Matrix {
  const { cols, data } = directions;
  const rows = { rows: rank, cols, data: data.slice(0, rank * cols) };
  if (!whiten) return rows;
  const weights = Array.from({ length: rank }, (_, index) => 1 / Math.sqrt(singularValues[index]!));
  return transpose(scaledColumns(transpose(rows), weights));
}
