// Forward of a DoRA layer: norms through the factors, and with B·A formed each time as PEFT does, on the same engine
// in the same rounds. Run: pnpm bench:dora
import { multiply, randomMatrix, wasmEngine } from "@lora/linalg";
import type { Engine, Matrix } from "@lora/linalg";
import { tensorOfValues } from "@lora/tensor";
import { dora } from "../src/layers/dora.ts";
import { LinearLayer } from "../src/layers/linear.ts";

const SIZE = 4096;
const RANK = 16;
const ROUNDS = 3;

/** Milliseconds of the fastest of some rounds, turn by turn so that a slow phase meets all. */
function fastest(candidates: Readonly<Record<string, () => unknown>>): Record<string, number> {
  const best: Record<string, number> = {};
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, work] of Object.entries(candidates)) {
      const start = performance.now();
      work();
      // The first round is for the compilers.
      if (round > 0) best[name] = Math.min(best[name] ?? Infinity, performance.now() - start);
    }
  }
  return best;
}

function single(rows: number, cols: number, seed: number): Matrix {
  return { rows, cols, data: Float32Array.from(randomMatrix(rows, cols, seed).data) };
}

/** What the reference of a formed product calculates with. */
interface Formed {
  readonly weight: Matrix;
  readonly up: Matrix;
  readonly down: Matrix;
  readonly identity: Matrix;
  readonly magnitude: Float32Array;
  readonly engine: Engine;
}

/** PEFT's forward: B·(A·I) for the whole weight, the norms of its sum with W, then the output. */
function formedForward(x: Matrix, { weight, up, down, identity, magnitude, engine }: Formed): Matrix {
  const single32 = { engine, as: "f32" } as const;
  const y = multiply(x, weight, { ...single32, transB: true });
  const spread = multiply(identity, down, { ...single32, transB: true });
  const product = multiply(up, spread, { ...single32, transB: true });
  const branch = multiply(multiply(x, down, { ...single32, transB: true }), up, {
    ...single32,
    transB: true,
  });
  const factors = new Float32Array(weight.rows);
  for (let i = 0; i < weight.rows; i++) {
    let sum = 0;
    for (let at = i * weight.cols; at < (i + 1) * weight.cols; at++) {
      const entry = weight.data[at]! + product.data[at]!;
      sum += entry * entry;
    }
    factors[i] = magnitude[i]! / Math.sqrt(sum);
  }
  for (let at = 0; at < y.data.length; at++)
    y.data[at] = factors[at % y.cols]! * (y.data[at]! + branch.data[at]!);
  return y;
}

function identity(size: number): Matrix {
  const data = new Float32Array(size * size);
  for (let i = 0; i < size; i++) data[i * size + i] = 1;
  return { rows: size, cols: size, data };
}

const engine = wasmEngine();
const [weight, up, down] = [single(SIZE, SIZE, 1), single(SIZE, RANK, 2), single(RANK, SIZE, 3)];
const magnitude = single(SIZE, 1, 4).data.map(Math.abs) as Float32Array;
const formed: Formed = { weight, up, down, identity: identity(SIZE), magnitude, engine };
const layer = new LinearLayer({ weight: tensorOfValues(weight.data, "f32", [SIZE, SIZE]) }, { engine });
await layer.load();
const stored = (matrix: Matrix): { dtype: "f32"; shape: number[]; data: Matrix["data"] } => ({
  dtype: "f32",
  shape: [matrix.rows, matrix.cols],
  data: matrix.data,
});
const tensors = {
  up: stored(up),
  down: stored(down),
  magnitude: { dtype: "f32", shape: [SIZE], data: magnitude } as const,
};
const add = (variant?: typeof dora): void => layer.addAdapter("a", { tensors, alpha: RANK, variant });
layer.setAdapters(["a"]);

console.log(
  `DoRA, ${SIZE} × ${SIZE}, rank ${RANK}, ${engine.id}: milliseconds, and how many times as fast as B·A formed`,
);
for (const tokens of [16, 512]) {
  const x = single(tokens, SIZE, 5);
  const input = { shape: [tokens, SIZE], data: x.data };
  const times = fastest({
    base: () => multiply(x, weight, { transB: true, engine, as: "f32" }),
    formed: () => formedForward(x, formed),
    "factors, norms anew": () => {
      add(dora); // forgets the norms
      return layer.forward(input);
    },
    "factors, norms kept": () => layer.forward(input),
  });
  const extra = (name: string): number => times[name]! - times["base"]!;
  for (const [name, time] of Object.entries(times)) {
    const faster = (times["formed"]! / time).toFixed(1);
    const besides =
      name === "base"
        ? ""
        : `, besides the base ${extra(name).toFixed(0)} ms, ${(extra("formed") / extra(name)).toFixed(1)} ×`;
    console.log(
      `${String(tokens).padStart(4)} tokens  ${name.padEnd(20)} ${time.toFixed(0).padStart(6)} ms  ${faster} ×${besides}`,
    );
  }
}
