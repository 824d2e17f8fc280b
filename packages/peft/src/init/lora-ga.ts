import { columns, type Matrix, scaled, scaledColumns, transpose } from "@lora/linalg";
import { demand } from "../rank/_demand.ts";
import type { Initialiser, InitModule } from "./_initialiser.ts";
import { requireGradient, requireRankUpTo, requireWeight } from "./_require.ts";
import { sketchedSvd } from "./_sketched-svd.ts";
import { firstIndices } from "../rank/_prefix.ts";

type LoraGaOptions = {
  /** `ArB2r` when left out. */
  readonly direction?: string | undefined;
  /** `stable` when left out. */
  readonly scale?: string | undefined;
  /** γ of the scale `stable`; 16 when left out. */
  readonly stableGamma?: number | undefined;
};

const DIRECTIONS = ["ArBr", "A2rBr", "ArB2r", "random"];
const SCALES = ["stable", "weight_svd", "gd_scale", "unit"];

/** Passes of the randomised SVDs. */
const PASSES = 4;

/**
 * Factors along singular vectors of the gradient, so that the first step of training is as near as can be to that of
 * the whole weight. Draws: normal min(out, in) × min(4r, out, in) for the gradient; a permutation of 2r for the
 * direction `random`; normal min(out, in) × min(r, out, in) for the weight with the scale `weight_svd`.
 */
export const loraGa: Initialiser<LoraGaOptions> = {
  id: "lora_ga",
  title: "Factors along the gradient's principal directions, taken out of the weight",
  source: "Wang et al. 2024, arXiv 2407.05000; PEFT init_lora_weights='lora_ga'",
  options: {
    direction: {
      kind: "text",
      required: false,
      description: "which directions each factor takes; ArB2r",
      choices: DIRECTIONS,
    },
    scale: {
      kind: "text",
      required: false,
      description: "how large the factors are; stable",
      choices: SCALES,
    },
    stableGamma: { kind: "number", required: false, description: "gamma of the scale stable; 16" },
  },
  bind({ direction = "ArB2r", scale = "stable", stableGamma = 16 }) {
    demand(DIRECTIONS.includes(direction), "direction", `one of ${DIRECTIONS.join(", ")}`, direction);
    demand(SCALES.includes(scale), "scale", `one of ${SCALES.join(", ")}`, scale);
    demand(stableGamma > 0, "stableGamma", "above 0", stableGamma);
    return {
      id: "lora_ga",
      title: `lora_ga ${direction}, ${scale}`,
      needs: ["weight", "gradient"],
      base: "reduced",
      peftName: true,
      make(module) {
        requireRankUpTo(Math.floor(Math.min(module.out, module.in) / 2), "half the smaller side", module);
        const { rank, draws, engine } = module;
        const width = Math.min(4 * rank, module.out, module.in);
        const { u, s, v } = sketchedSvd(requireGradient(module), {
          name: "the gradient",
          width,
          iterations: PASSES,
          draws,
          engine,
        });
        const [forDown, forUp] = chosen(direction, module);
        const down = transpose(columns(v, forDown));
        const up = scaledColumns(
          columns(u, forUp),
          forUp.map((index) => s[index]!),
        );
        return sized(scale, { down, up, first: s[forUp[0]!]!, stableGamma }, module);
      },
    };
  },
};

/** Which triples go to down, and which to up. */
function chosen(direction: string, { rank, draws }: InitModule): readonly [number[], number[]] {
  const first = firstIndices(rank);
  const second = first.map((index) => rank + index);
  if (direction === "A2rBr") return [second, first];
  if (direction === "ArB2r") return [first, second];
  if (direction === "ArBr") return [first.map((index) => 2 * index + 1), first.map((index) => 2 * index)];
  const drawn = draws.permutation(2 * rank).slice(0, rank);
  return [drawn, drawn];
}

interface Unsized {
  readonly down: Matrix;
  readonly up: Matrix;
  /** The singular value of up's first column. */
  readonly first: number;
  readonly stableGamma: number;
}

function sized(
  scale: string,
  { down, up, first, stableGamma }: Unsized,
  module: InitModule,
): { down: Matrix; up: Matrix } {
  if (scale === "stable") return { down, up: scaled(up, module.out ** 0.25 / Math.sqrt(stableGamma)) };
  if (scale === "gd_scale") return { down: scaled(down, 1 / module.scale), up: scaled(up, 1 / module.scale) };
  if (scale === "unit" || first === 0) return { down, up };
  const { rank, draws, engine } = module;
  const width = Math.min(rank, module.out, module.in);
  const { s } = sketchedSvd(requireWeight(module), {
    name: "the weight",
    width,
    iterations: PASSES,
    draws,
    engine,
  });
  return { down, up: scaled(up, s[0]! / first) };
}
