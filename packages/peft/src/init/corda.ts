import { columns, type Matrix, multiply, scaledColumns, svd, toFloat64, transpose } from "@lora/linalg";
import { demand } from "../rank/_demand.ts";
import type { Initialiser } from "./_initialiser.ts";
import { requireCovariance, requireRankFits, requireWeight } from "./_require.ts";
import { timesInverse } from "./_solve-spd.ts";

type CordaOptions = {
  /** `ipm` when left out. */
  readonly method?: string | undefined;
};

/** Of the mean of the diagonal, added to the diagonal. It bounds the condition number by 100·in + 1. */
const DAMPING = 0.01;

/**
 * The singular triples of W·C̃, where C̃ is the damped covariance of the inputs, with v brought back by C̃⁻¹: the
 * leading r (`ipm`, instruction-previewed) or the last r (`kpm`, knowledge-preserved). In doubles the first damping
 * always inverts well enough: PEFT, in floats, doubles it until ‖C̃·C̃⁻¹ − I‖_F < 0.05.
 */
export const corda: Initialiser<CordaOptions> = {
  id: "corda",
  title: "The part of the weight that the inputs of a task use most or least, taken out of the weight",
  source: "Yang et al. 2024, arXiv 2406.05223; PEFT init_lora_weights='corda'",
  options: {
    method: {
      kind: "text",
      required: false,
      description: "ipm (most used, the default) or kpm (least used)",
      choices: ["ipm", "kpm"],
    },
  },
  bind({ method = "ipm" }) {
    demand(method === "ipm" || method === "kpm", "method", "ipm or kpm", method);
    return {
      id: "corda",
      title: `corda ${method}`,
      needs: ["weight", "covariance"],
      base: "reduced",
      peftName: true,
      make(module) {
        requireRankFits(module);
        const weight = requireWeight(module);
        const covariance = damped(requireCovariance(module));
        const { engine, rank, scale } = module;
        const { u, s, v } = svd(multiply(weight, covariance, { engine }), { engine });
        const first = method === "ipm" ? 0 : s.length - rank;
        const kept = Array.from({ length: rank }, (_, index) => first + index);
        const weights = kept.map((index) => Math.sqrt(s[index]! / scale));
        const back = timesInverse(transpose(columns(v, kept)), covariance, engine);
        return {
          up: scaledColumns(columns(u, kept), weights),
          down: transpose(scaledColumns(transpose(back), weights)),
        };
      },
    };
  },
};

function damped(covariance: Matrix): Matrix {
  const { rows: n } = covariance;
  const data = toFloat64(covariance).data.slice();
  let trace = 0;
  for (let i = 0; i < n; i++) trace += data[i * n + i]!;
  for (let i = 0; i < n; i++) data[i * n + i]! += (DAMPING * trace) / n;
  return { rows: n, cols: n, data };
}
