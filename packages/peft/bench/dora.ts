// Forward of a DoRA layer: norms through the factors, and with B·A formed each time as PEFT does, on the same engine
// in the same rounds. Run: pnpm bench:dora
import { multiply, randomMatrix, wasmEngine } from "@lora/linalg";
import type { Matrix } from "@lora/linalg";
import { tensorOfValues } from "@lora/tensor";
import { dora, rowNorms, squaredNorms } from "../src/layers/dora.ts";
import type { TypedTensor } from "../src/layers/dense-tensor.ts";
import { LinearLayer } from "../src/layers/linear.ts";
import { rowTokens } from "../src/layers/tokens.ts";

const SIZE = 4096;
const RANK = 16;
const ROUNDS = 5;

const engine = wasmEngine();
const options = { transB: true, engine, as: "f32" } as const;
const [weight, up, down] = [single(SIZE, SIZE, 1), single(SIZE, RANK, 2), single(RANK, SIZE, 3)];
const magnitude = single(SIZE, 1, 4);
const eye = identity(SIZE);

const layer = new LinearLayer({ weight: tensorOfValues(weight.data, "f32", [SIZE, SIZE]) }, { engine });
await layer.load();
layer.setAdapters(["a"]);
putAdapter();

console.log(`DoRA, ${SIZE} × ${SIZE}, rank ${RANK}, ${engine.id}, milliseconds of processor time`);
const view = { matrix: weight, transposed: false };
const squares = squaredNorms(view);
report("norms of W + s·B·A", {
  "B·A formed (PEFT)": formedNorms,
  "through the factors": () => rowNorms(view, { up, down }, 1, { engine }),
  "through the factors, ‖W‖ known": () => rowNorms(view, { up, down }, 1, { engine, squares }),
});
for (const tokens of [16, 512]) {
  const x = single(tokens, SIZE, 5);
  const input = { shape: [tokens, SIZE], data: x.data };
  report(`forward of ${tokens} tokens`, {
    "B·A formed (PEFT)": () => formedForward(x),
    "through the factors, norms anew": () => {
      putAdapter(); // forgets the norms
      return layer.forward(input);
    },
    "through the factors, norms kept": () => layer.forward(input),
    "the base layer alone": () => rowTokens(x, engine).times(view),
  });
}

/** PEFT's norms, step by step as there: B·(A·I) for the whole weight, times the scale, added to W, and its norms. */
function formedNorms(): Float64Array {
  const product = multiply(up, multiply(eye, down, options), options);
  const { scale } = layer.adapters.get("a")!;
  const [scaled, sum] = [new Float32Array(SIZE * SIZE), new Float32Array(SIZE * SIZE)];
  for (let at = 0; at < scaled.length; at++) scaled[at] = scale * product.data[at]!;
  for (let at = 0; at < sum.length; at++) sum[at] = weight.data[at]! + scaled[at]!;
  return Float64Array.from({ length: SIZE }, (_, i) => {
    let square = 0;
    for (let at = i * SIZE; at < (i + 1) * SIZE; at++) square += sum[at]! * sum[at]!;
    return Math.sqrt(square);
  });
}

/** PEFT's forward, with the norms made each time. */
function formedForward(x: Matrix): Matrix {
  const y = rowTokens(x, engine).times(view);
  const branch = multiply(multiply(x, down, options), up, options);
  const factors = formedNorms().map((norm, i) => magnitude.data[i]! / norm);
  for (let row = 0; row < y.data.length; row += SIZE) {
    for (let j = 0; j < SIZE; j++) y.data[row + j] = factors[j]! * (y.data[row + j]! + branch.data[row + j]!);
  }
  return y;
}

function putAdapter(): void {
  const tensors = { up: stored(up), down: stored(down), magnitude: stored(magnitude, [SIZE]) };
  layer.addAdapter("a", { tensors, alpha: RANK, variant: dora });
}

function stored({ rows, cols, data }: Matrix, shape: readonly number[] = [rows, cols]): TypedTensor {
  return { dtype: "f32", shape, data };
}

function single(rows: number, cols: number, seed: number): Matrix {
  return { rows, cols, data: Float32Array.from(randomMatrix(rows, cols, seed).data) };
}

function identity(size: number): Matrix {
  const data = new Float32Array(size * size);
  for (let i = 0; i < size; i++) data[i * size + i] = 1;
  return { rows: size, cols: size, data };
}

/** A line for each candidate: time, and how many times as fast as the first. */
function report(title: string, candidates: Readonly<Record<string, () => unknown>>): void {
  const times = fastest(candidates);
  const [first = 0] = Object.values(times);
  console.log(title);
  for (const [name, time] of Object.entries(times)) {
    console.log(
      `  ${name.padEnd(34)}${time.toFixed(1).padStart(9)} ms${(first / time).toFixed(1).padStart(8)} ×`,
    );
  }
}

/**
 * The fastest of some rounds, turn by turn so that a slow phase meets all. Processor time: on a machine that is shared, the
 * clock counts the others too.
 */
function fastest(candidates: Readonly<Record<string, () => unknown>>): Record<string, number> {
  const best: Record<string, number> = {};
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, work] of Object.entries(candidates)) {
      const start = process.cpuUsage();
      work();
      const { user, system } = process.cpuUsage(start);
      // The first round is for the compilers.
      if (round > 0) best[name] = Math.min(best[name] ?? Infinity, (user + system) / 1000);
    }
  }
  return best;
}
