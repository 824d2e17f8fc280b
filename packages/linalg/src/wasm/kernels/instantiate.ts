import { assemble } from "../assembler/assemble.ts";
import { gemmPanels } from "./gemm-panels.ts";
import { gemmTile } from "./gemm-tile.ts";
import type { KernelName, TileShapes } from "./kernel-functions.ts";
import { KERNELS, kernelFunctions, tileShapes } from "./kernel-functions.ts";

/** A function of a module: addresses, counts and doubles in, a double out where it gives one. */
export type KernelFunction = (...values: readonly number[]) => number;

/** The functions of a kernel over a memory. */
export interface Kernels {
  readonly name: KernelName;
  readonly tiles: TileShapes;
  readonly functions: Readonly<Record<string, KernelFunction>>;
}

/** A kernel that was compiled: plain data that other threads of the process can be sent. */
export interface CompiledKernels {
  readonly name: KernelName;
  readonly module: WebAssembly.Module;
}

/** Writes a kernel and compiles it: some 40 KB, 20 to 40 ms the first time in a thread. */
export function compile(name: KernelName): CompiledKernels {
  return { name, module: new WebAssembly.Module(assemble(kernelFunctions(name))) };
}

/** The functions of a compiled kernel over a memory; about a millisecond. */
export function instantiate({ name, module }: CompiledKernels, memory: WebAssembly.Memory): Kernels {
  const { exports } = new WebAssembly.Instance(module, { host: { memory } });
  return { name, tiles: tileShapes(name), functions: exports as unknown as Kernels["functions"] };
}

/** Only the products of f32, for a trial. */
export function instantiateTrial(name: KernelName, memory: WebAssembly.Memory): KernelFunction {
  const { f32 } = tileShapes(name);
  const module = new WebAssembly.Module(assemble([gemmTile(f32), gemmPanels(f32, 0)]));
  const { exports } = new WebAssembly.Instance(module, { host: { memory } });
  return exports["panels_f32"] as KernelFunction;
}

/** Whether this machine's engine accepts a kernel: one function shows which instructions it knows. */
export function accepts(name: KernelName): boolean {
  if (typeof WebAssembly === "undefined" || !Object.hasOwn(KERNELS, name)) return false;
  return WebAssembly.validate(assemble([gemmTile(tileShapes(name).f32)]));
}
