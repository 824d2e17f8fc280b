// Products of square matrices, and of matrices with vectors, on every kernel: GFLOP/s and share of the ceiling that
// a loop in registers reaches in the same rounds.
import type { Engine, Matrix } from "../src/index.ts";
import { multiply, randomMatrix, referenceEngine, wasmEngine } from "../src/index.ts";
import { accepts } from "../src/wasm/kernels/instantiate.ts";
import { KERNELS } from "../src/wasm/kernels/kernel-functions.ts";
import type { KernelName } from "../src/wasm/kernels/kernel-functions.ts";
import { f32Lanes, f64Lanes } from "../src/wasm/kernels/lanes.ts";
import { ceilingLoop, ceilingOperations } from "./ceiling.ts";
import type { Candidate } from "./measure.ts";
import { measure } from "./measure.ts";
import { row, title } from "./table.ts";

/** The largest size that the reference is timed at. */
const REFERENCE_SIZE = 512;

type Type = "f32" | "f64";

/** Square products of these sizes. */
export function benchProducts(sizes: readonly number[]): void {
  const names = (Object.keys(KERNELS) as KernelName[]).filter(accepts);
  const wasm = names.map((kernel) => wasmEngine({ kernel }));
  for (const type of ["f32", "f64"] as const) {
    title(`product, ${type}`, ["size", "engine", "GFLOP/s", "median", "of ceiling"]);
    for (const size of sizes) {
      const engines = size > REFERENCE_SIZE ? wasm : [referenceEngine, ...wasm];
      benchSize(engines, type, size);
    }
  }
}

function benchSize(engines: readonly Engine[], type: Type, size: number): void {
  const [a, b] = [1, 2].map((seed) => as(randomMatrix(size, size, seed), type));
  const candidates = engines.map((engine) => productOf(engine, [a, b], type));
  const lanes = type === "f32" ? f32Lanes : f64Lanes;
  const limits = [false, true]
    .filter((fused) => !fused || accepts("relaxed-6x8"))
    .map((fused) => ({ lanes, fused }));
  const loops = limits.map((each) => ({
    ...ceilingLoop(each),
    name: `ceiling ${each.fused ? "relaxed" : "simd"}`,
  }));
  const times = measure([...loops, ...candidates], 5, 300);
  const ceilings = new Map(
    limits.map((each, i) => {
      const { best, median } = times.get(loops[i].name)!;
      const operations = ceilingOperations(each);
      row([String(size), loops[i].name, gigaflops(operations, best), gigaflops(operations, median), ""]);
      return [each.fused, operations / best];
    }),
  );
  for (const { name } of candidates) {
    const { best, median } = times.get(name)!;
    const operations = 2 * size ** 3;
    const ceiling = ceilings.get(name.includes("relaxed")) ?? Infinity;
    const share = (operations / best / ceiling).toFixed(2);
    row([String(size), name, gigaflops(operations, best), gigaflops(operations, median), share]);
  }
}

/** A product on an engine. */
export function productOf(engine: Engine, [a, b]: readonly Matrix[], type: Type): Candidate {
  return { name: engine.id, work: () => multiply(a, b, { engine, as: type }) };
}

/** Matrix times vector: bounded by reading the matrix, so that GB/s is what counts. */
export function benchVectors(sizes: readonly number[]): void {
  title("matrix · vector", ["matrix", "engine", "GB/s", "median", ""]);
  for (const type of ["f32", "f64"] as const) {
    for (const size of sizes) {
      for (const transA of [false, true]) {
        const [a, x] = [as(randomMatrix(size, size, 1), type), randomMatrix(size, 1, 2)];
        const engines = [referenceEngine, wasmEngine()];
        const times = measure(
          engines.map((engine) => ({ name: engine.id, work: () => multiply(a, x, { engine, transA }) })),
        );
        for (const [name, { best, median }] of times) {
          const rate = (time: number): string => (a.data.byteLength / time / 1e6).toFixed(1);
          row([`${type} ${size}²${transA ? " ᵀ" : ""}`, name, rate(best), rate(median), ""]);
        }
      }
    }
  }
}

function gigaflops(operations: number, milliseconds: number): string {
  return (operations / milliseconds / 1e6).toFixed(1);
}

/** The values as f32 or f64. */
export function as(a: Matrix, type: Type): Matrix {
  return type === "f64" ? a : { ...a, data: Float32Array.from(a.data) };
}
