// Best of several runs, for ratios on one machine. Run: node packages/linalg/bench/linalg.bench.ts   (with @lora/tensor built)
import type { Matrix, MultiplyOptions } from "../src/index.ts";
import {
  choleskyQr2,
  matrixMap,
  multiply,
  productSvd,
  randomMatrix,
  singularValues,
  spectralNorm,
  svd,
  svdLowRank,
  symmetricEigen,
  thinQr,
} from "../src/index.ts";

function report(title: string, work: () => unknown, flops?: number): void {
  let best = Infinity;
  for (let run = 0, spent = 0; run < 3 || spent < 500; run++) {
    const start = performance.now();
    work();
    const time = performance.now() - start;
    best = Math.min(best, time);
    spent += time;
  }
  const rate = flops === undefined ? "" : `${(flops / best / 1e6).toFixed(2)} GFLOP/s`;
  console.log(`${title.padEnd(48)}${best.toFixed(2).padStart(10)} ms  ${rate}`);
}

function single(a: Matrix): Matrix {
  return { ...a, data: Float32Array.from(a.data) };
}

function product(
  [m, k, n]: readonly number[],
  options: MultiplyOptions,
  convert: (a: Matrix) => Matrix,
): void {
  const a = convert(options.transA === true ? randomMatrix(k, m, 1) : randomMatrix(m, k, 1));
  const b = convert(options.transB === true ? randomMatrix(n, k, 2) : randomMatrix(k, n, 2));
  const marks = `${options.transA === true ? "ᵀ" : ""} ${options.transB === true ? "ᵀ" : ""}`;
  report(
    `gemm ${convert === single ? "f32" : "f64"} ${m} × ${k} × ${n} ${marks}`,
    () => multiply(a, b, options),
    2 * m * k * n,
  );
}

for (const convert of [(a: Matrix) => a, single]) {
  product([512, 512, 512], {}, convert);
  product([512, 512, 512], { transA: true, transB: true }, convert);
  product([4096, 1280, 32], {}, convert);
  product([1280, 4096, 32], { transA: true }, convert);
  product([32, 1280, 4096], {}, convert);
  product([32, 4096, 1280], { transB: true }, convert);
  product([1280, 1280, 1], {}, convert);
  product([1280, 1280, 1], { transA: true }, convert);
}
for (const [m, r, n] of [
  [1280, 32, 1280],
  [10240, 32, 1280],
  [1280, 128, 1280],
  [10240, 128, 1280],
] as const) {
  const [b, a] = [randomMatrix(m, r, 1), randomMatrix(r, n, 2)];
  report(`productSvd ${m} × ${r} × ${n}`, () => productSvd(b, a));
  report(`  choleskyQr2 ${m} × ${r}`, () => choleskyQr2(b), 4 * m * r * r);
  report(`  thinQr ${m} × ${r}`, () => thinQr(b), 4 * m * r * r);
}
for (const n of [32, 128, 256, 512]) {
  const a = randomMatrix(n, n, 3);
  report(`svd ${n}`, () => svd(a));
  report(`singularValues ${n}`, () => singularValues(a));
  report(`symmetricEigen ${n}`, () => symmetricEigen(a));
}
const weight = matrixMap(single(randomMatrix(1280, 1280, 4)));
report("spectralNorm, flat spectrum, 1280", () => spectralNorm(weight));
report("svdLowRank, 32 of 1280", () => svdLowRank(weight, { rank: 32 }));
