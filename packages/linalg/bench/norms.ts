// Spectral norms of weights as they are stored, beside torch.svd_lowrank(q=1, niter=64) on the same values.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encode } from "@lora/tensor";
import {
  choleskyQr2,
  type Engine,
  type Matrix,
  multiply,
  randomMatrix,
  scaledColumns,
  spectralNorm,
  type StoredMatrix,
  storedMatrix,
  wasmEngine,
} from "../src/index.ts";
import { measure } from "./measure.ts";
import { row, title } from "./table.ts";

/** How far from σ₁ is asked for, relatively; it is as a rule a hundredth of it. */
const TOLERANCES = [1e-2, 4e-3, 1e-3, 1e-4];

/** Of the slow spectrum: each value is 2 % below the one before. */
const [GAP, VALUES] = [0.98, 256];

/** Writes the weights where torch finds them, times the norms, and lets torch do the same. */
export function benchNorms(sizes: readonly number[], python: string | undefined): void {
  const engine = wasmEngine();
  const folder = mkdtempSync(join(tmpdir(), "norms-"));
  try {
    title("spectral norms of stored f16", ["weights", "tolerance", "best ms", "median", "off by"]);
    for (const size of sizes) {
      for (const [name, weights] of [
        ["2 % gap", slow(size, engine)],
        ["Gaussian", randomMatrix(size, size, 4)],
      ] as const) {
        const bytes = encode(weights.data, "f16");
        writeFileSync(join(folder, `${name} ${size}.f16`), bytes);
        timeNorms(`${name} ${size}²`, storedMatrix(bytes, "f16", [size, size]), engine);
      }
    }
    if (python !== undefined) {
      spawnSync(python, [join(import.meta.dirname, "norms.py"), folder], { stdio: "inherit" });
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function timeNorms(name: string, weights: StoredMatrix, engine: Engine): void {
  const norm = (tolerance: number): number =>
    engine.withStored(weights, (held) => spectralNorm(held, { tolerance, engine }).value);
  const exact = norm(1e-9);
  const candidates = TOLERANCES.map((tolerance) => ({
    name: tolerance.toExponential(0),
    work: () => norm(tolerance),
  }));
  for (const [tolerance, { best, median }] of measure(candidates)) {
    const off = (1 - norm(Number(tolerance)) / exact).toExponential(1);
    row([name, tolerance, best.toFixed(2), median.toFixed(2), off]);
  }
}

/** u · diag(gapⁱ) · vᵀ with random orthonormal u and v. */
function slow(size: number, engine: Engine): Matrix {
  const [u, v] = [1, 2].map((seed) => choleskyQr2(randomMatrix(size, VALUES, seed), { engine }).q);
  const values = Array.from({ length: VALUES }, (_, i) => GAP ** i);
  return multiply(scaledColumns(u, values), v, { transB: true, engine });
}
