import type { Float64Matrix } from "@lora/linalg";
import { type InitDraws, seededDraws } from "../init/_draws.ts";

/** The recorded sketch of a size: PEFT's EVA seeds its generator anew before each, so that every matrix of a size gets the same. */
export function drawsBySize(draws: readonly Float64Matrix[]): InitDraws {
  return {
    ...seededDraws(0),
    normal: (rows, cols) => draws.find((draw) => draw.rows === rows && draw.cols === cols)!,
  };
}
