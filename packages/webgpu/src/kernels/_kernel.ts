import type { LoraError, Ops } from "@lora/tensor";
import type { Constants } from "../programs.ts";
import type { WebGpuStorage } from "../webgpu-storage.ts";
import type { BlockShape } from "./_block-forms.ts";

/** WGSL with an entry point `main`: parameters at binding 0, then the inputs, last the output. */
export interface Shader {
  readonly id: string;
  readonly wgsl: string;
  readonly inputs: number;
}

/** A part of a buffer, in bytes, as it is bound. */
export interface Region {
  readonly buffer: GPUBuffer;
  readonly offset: number;
  readonly size: number;
}

/** One shader run over one grid. */
export interface Dispatch {
  readonly shader: Shader;
  readonly constants?: Constants;
  /** 32-bit words in the order of the WGSL struct, 16 at most; floats through `floatWord`. */
  readonly parameters: readonly number[];
  readonly inputs: readonly Region[];
  readonly output: Region;
  /** Workgroups along x, y and z, 65,535 at most each. */
  readonly grid: readonly [x: number, y: number, z: number];
}

/** What kernels choose their shaders by. */
export interface DeviceFacts {
  /** Whether it calculates on the processor. */
  readonly software: boolean;
  /** Bytes of workgroup memory. */
  readonly workgroupBytes: number;
  /** Whether subgroup operations may be used. */
  readonly subgroups: boolean;
  /** The form of blocks for all products; by shape when left out. */
  readonly blocks?: BlockShape | undefined;
}

/** What a kernel may ask of the backend it runs in. */
export interface Launcher {
  readonly device: DeviceFacts;
  /** Bytes that one binding may have. */
  readonly mostBinding: number;
  /** Queues a dispatch. */
  launch(dispatch: Dispatch): void;
  /** Memory for `count` f32 values while `use` queues its work. */
  scratch(count: number, use: (storage: WebGpuStorage) => void): void;
  /** Queues another operation, by whichever kernel this backend has for it. */
  apply<O extends keyof Ops>(op: O, args: Ops<WebGpuStorage>[O], out: WebGpuStorage): void;
}

/** One implementation of one operation: host side and WGSL in one file. */
export interface KernelOf<O extends keyof Ops> {
  readonly op: O;
  readonly id: string;
  /** Where an operation has several kernels: whether this one suits adapters that calculate on the processor. */
  readonly forSoftware?: boolean;
  /** What besides the shapes stands against these arguments: a row that no binding can hold. */
  problem?(args: Ops<WebGpuStorage>[O], mostBinding: number): LoraError | undefined;
  /** Queues all that fills `out`, which has at least one element. */
  run(args: Ops<WebGpuStorage>[O], out: WebGpuStorage, launcher: Launcher): void;
}

/** A kernel of any operation. */
export type Kernel = { readonly [O in keyof Ops]: KernelOf<O> }[keyof Ops];

/** Declares a kernel; here for the type alone. */
export function defineKernel<O extends keyof Ops>(op: O, kernel: Omit<KernelOf<O>, "op">): KernelOf<O> {
  return { op, ...kernel };
}

/** The word that WGSL reads as this f32. */
export function floatWord(value: number): number {
  return new Uint32Array(Float32Array.of(value).buffer)[0]!;
}
