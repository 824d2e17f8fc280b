import { LoraError } from "@lora/tensor";
import { checkMatrix } from "../check-matrix.ts";
import { zeros } from "../create.ts";
import type { Engine, GramSums, Product } from "../engine.ts";
import type { Float64Matrix } from "../float64-matrix.ts";
import type { Operand } from "../ops/strided.ts";
import { strided, transposed } from "../ops/strided.ts";
import { referenceEngine } from "../reference-engine.ts";
import { allFiniteInMemory } from "./all-finite-in-memory.ts";
import { Arena } from "./arena.ts";
import { choleskyInMemory } from "./cholesky-in-memory.ts";
import { chooseKernel } from "./choose-kernel.ts";
import { gramInMemory } from "./gram-in-memory.ts";
import { accepts, compile, type CompiledKernels, instantiate } from "./kernels/instantiate.ts";
import type { KernelName } from "./kernels/kernel-functions.ts";
import { multiplyPacked } from "./multiply-packed.ts";
import { multiplyVector, withMatrixInMemory } from "./multiply-vector.ts";
import { reflectInPanels } from "./reflect-in-panels.ts";
import { withRowsInMemory } from "./rows-in-memory.ts";
import { withStoredInMemory } from "./stored-in-memory.ts";
import { addStoredInMemory, withStoredSumInMemory } from "./stored-sum-in-memory.ts";
import { passesSelfTest } from "./self-test.ts";
import { solveInPanels } from "./solve-in-panels.ts";
import { timesStoredInMemory } from "./times-stored.ts";
import { widenInChunks } from "./widen-in-chunks.ts";
import type { Workplace } from "./workplace.ts";

/** Multiplications, or values, below which copying costs more than it saves: 8 × 8 times 8 × 8 breaks even. */
const SMALL = 512;

/** Columns up to which a Gram matrix is found without packing. */
const FEW = 128;

/** Which kernel a WASM engine has. */
export interface WasmEngineOptions {
  /** The fastest that is accepted when left out. */
  readonly kernel?: KernelName | undefined;
  /** What `compileKernels` gave another thread: nothing is chosen, written, compiled or tested again. */
  readonly compiled?: CompiledKernels | undefined;
}

/**
 * An engine of WASM kernels, compiled here and now from a few KB that are made on the spot: products are
 * 5 to 15 times as fast as those of the reference. Without WASM SIMD it is the reference. One thread; make one engine for each.
 *
 * `relaxed` kernels use fused multiply-add where the machine has it, so that their last bits may differ from machine to
 * machine; the same kernel on the same machine gives the same bits, and so do the relaxed ones among each other. Name
 * the kernel `simd-4x8` for the same bits everywhere.
 *
 * V8 can join pairs of vectors into registers of 256 bits, as `node --experimental-wasm-revectorize` asks it to: then
 * `relaxed-4x16` is as a rule the fastest, and is chosen, with the same bits as the other relaxed ones. Since that pass is
 * experimental, and since no compiler is without mistakes, what is compiled first calculates something of everything on whole
 * numbers and is given only when it comes to what the reference does.
 *
 * @throws LoraError UNSUPPORTED when the kernel that is named is not accepted here, or one fails that test
 */
export function wasmEngine({ kernel, compiled }: WasmEngineOptions = {}): Engine {
  const kernels = compiled ?? compileKernels(kernel);
  return kernels === undefined ? referenceEngine : engineOf(kernels);
}

/**
 * What an engine is made from, for all threads of a process: 40 to 80 ms once, and an engine from it takes a millisecond. `undefined`
 * where there is no WASM SIMD.
 *
 * @param kernel the fastest that is accepted when left out
 * @throws LoraError UNSUPPORTED when the kernel that is named is not accepted here, or one fails the test
 */
export function compileKernels(kernel?: KernelName): CompiledKernels | undefined {
  if (kernel !== undefined && !accepts(kernel)) {
    throw new LoraError("UNSUPPORTED", `this JavaScript engine does not accept the kernel ${kernel}`, {
      kernel,
      advice: "leave `kernel` out to take the best there is",
    });
  }
  const name = kernel ?? chooseKernel();
  if (name === undefined) return undefined;
  const compiled = compile(name);
  tested(engineOf(compiled), { thorough: name === "relaxed-4x16" });
  return compiled;
}

/** The engine, if it calculates as the reference does; thoroughly where only an experimental pass makes a kernel worth choosing. */
export function tested(engine: Engine, options: { readonly thorough?: boolean } = {}): Engine {
  if (passesSelfTest(engine, options)) return engine;
  throw new LoraError("UNSUPPORTED", `${engine.id} does not calculate what the reference does`, {
    engine: engine.id,
    advice: "run without experimental flags of the JavaScript engine, or use the reference engine",
  });
}

function engineOf(compiled: CompiledKernels): Engine {
  const arena = new Arena();
  const place: Workplace = { arena, kernels: instantiate(compiled, arena.memory) };
  return {
    id: `wasm ${compiled.name}`,
    gemm: (product) => multiplyInto(place, product),
    gram: (x, sums) => gram(place, x, sums),
    cholesky: (a) => (a.rows ** 3 < SMALL ? referenceEngine.cholesky(a) : choleskyInMemory(place, a)),
    solveTriangular(x, l) {
      if (x.rows * l.rows * l.rows < SMALL) referenceEngine.solveTriangular(x, l);
      else solveInPanels(place, x, l);
    },
    reflect(blocks, x) {
      if (x.rows * x.cols * x.cols < SMALL) referenceEngine.reflect(blocks, x);
      else reflectInPanels(place, blocks, x);
    },
    allFinite(a) {
      if (a.data.length < SMALL || a.data instanceof Float64Array) return referenceEngine.allFinite(a);
      return allFiniteInMemory(place, a.data, "dtype" in a ? a.dtype : "f32");
    },
    dot: referenceEngine.dot,
    widen(values) {
      if (values.out.length < SMALL || values.bytes.length !== 2 * values.out.length)
        referenceEngine.widen(values);
      else widenInChunks(place, values);
    },
    addStored: (sum) => (sum.a.cols === 0 ? referenceEngine.addStored(sum) : addStoredInMemory(place, sum)),
    withStoredSum: (sum, work) =>
      sum.a.cols === 0 ? referenceEngine.withStoredSum(sum, work) : withStoredSumInMemory(place, sum, work),
    withMatrix: (a, map, work) => withMatrixInMemory(place, { a, map }, work),
    withStored: (a, work) => withStoredInMemory(place, a, work),
    timesStored(a, x) {
      if (!("read" in a)) checkMatrix(a, "a");
      return timesStoredInMemory(place, a, x);
    },
    withRows: (vectors, work) => withRowsInMemory(place, vectors, work),
  };
}

function multiplyInto(place: Workplace, product: Product): void {
  const { a, b } = product;
  if (a.rows * a.cols * b.cols < SMALL) referenceEngine.gemm(product);
  else if (b.cols === 1) multiplyVector(place, product);
  else if (a.rows === 1) multiplyVector(place, transposedProduct(product));
  else multiplyPacked(place, product);
}

/** cᵀ = bᵀ · aᵀ */
function transposedProduct({ a, b, c, ...rest }: Product): Product {
  return { a: transposed(b), b: transposed(a), c: transposed(c), ...rest };
}

/** The tiles on and above the diagonal, and what is below it from them. */
function gram(place: Workplace, x: Operand, sums: GramSums | undefined): Float64Matrix {
  const n = x.cols;
  if (x.rows * n * n < SMALL) return referenceEngine.gram(x);
  if (n <= FEW && (x.colStep === 1 || x.rows % 2 === 0)) return gramInMemory(place, x, sums);
  const product = zeros(n, n);
  multiplyPacked(place, { a: transposed(x), b: x, c: strided(product), upper: true });
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) product.data[i * n + j] = product.data[j * n + i];
  return product;
}
