// Initialisers on one weight of 4096 × 4096 in f32, with the residual weight, in milliseconds of
// processor time: other work on the machine counts less than in time on the wall. Run: pnpm bench:init
// With LORA_PEERS_PYTHON naming a Python that has torch, the same on it, right after. The weight and its spectrum are
// made alike on both sides: ten times a product of rank 64 whose values fall by a tenth each, and noise.
import { spawnSync } from "node:child_process";
import { cpus } from "node:os";
import { join } from "node:path";
import { frobeniusNorm, type Matrix, multiply, randomMatrix, scaledColumns, wasmEngine } from "@lora/linalg";
import { bindInitialiser, seededDraws, withoutUpdate } from "../src/index.ts";

const SIZE = 4096;
const CASES = [
  { method: "pissa_niter_4", rank: 16 },
  { method: "pissa_niter_4", rank: 64 },
  { method: "olora", rank: 16 },
  { method: "olora", rank: 64 },
];
const ROUNDS = 5;

/** A weight with a head of large values on a floor of noise. */
function weightOf(size: number): Matrix {
  const values = Array.from({ length: 64 }, (_, index) => 10 * 0.9 ** index);
  const head = multiply(scaledColumns(randomMatrix(size, 64, 1), values), randomMatrix(64, size, 2), {
    engine: wasmEngine(),
  });
  const noise = randomMatrix(size, size, 3);
  return { rows: size, cols: size, data: Float32Array.from(head.data, (value, i) => value + noise.data[i]!) };
}

/** Milliseconds, of all threads: compiling and collecting count. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const weight = weightOf(SIZE);
const engine = wasmEngine();
const norm = frobeniusNorm(weight);
console.log(
  `Node ${process.version}, V8 ${process.versions.v8}, ${cpus()[0]?.model} × ${cpus().length}, ${engine.id}`,
);
console.log(
  `${"initialiser".padEnd(32)}${"best CPU ms".padStart(12)}${"median".padStart(12)}${"left".padStart(12)}`,
);
for (const { method, rank } of CASES) {
  const times: number[] = [];
  let left = 0;
  for (let round = 0; round <= ROUNDS; round++) {
    const start = processorTime();
    const module = { out: SIZE, in: SIZE, rank, scale: 1, weight, engine, draws: seededDraws(round) };
    const residual = withoutUpdate(weight, bindInitialiser(method).make(module), { scale: 1, engine });
    if (round > 0) times.push(processorTime() - start); // the first is for the compilers
    left = frobeniusNorm(residual) / norm;
  }
  times.sort((a, b) => a - b);
  const cells = [times[0]!.toFixed(0), times[ROUNDS >> 1]!.toFixed(0), left.toFixed(5)];
  console.log(`${`${method} r=${rank}`.padEnd(32)}${cells.map((cell) => cell.padStart(12)).join("")}`);
}
const python = process.env["LORA_PEERS_PYTHON"];
if (python !== undefined) spawnSync(python, [join(import.meta.dirname, "peers.py")], { stdio: "inherit" });
