import type { Engine, Matrix } from "@lora/linalg";
import type { Factors } from "../delta.ts";
import type { AdapterTensors, FactorShapes, LayerAdapter } from "./layer-adapter.ts";
import type { Tokens } from "./tokens.ts";

/** The kinds of layers that can be adapted. */
export type AdaptedKind = "linear" | "hf-conv1d" | "convolution" | "embedding" | "attention" | "experts";

/** What a variant may know of the layer it is in. */
export interface VariantLayer {
  readonly kind: AdaptedKind;
  readonly outputs: number;
  /** in, or in·k of a convolution */
  readonly inputs: number;
  readonly engine: Engine | undefined;
  readonly adapters: ReadonlyMap<string, LayerAdapter>;
  /** ‖W + ΔW‖ of each output, kept until the adapter changes. */
  norms(adapter: LayerAdapter): Float64Array;
}

/** One adapter's turn in a forward pass. It changes `y` and `bias`. */
export interface ForwardStep {
  readonly layer: VariantLayer;
  readonly adapter: LayerAdapter;
  readonly tokens: Tokens;
  /** count × out: what came out so far, without biases. */
  readonly y: Matrix;
  /** What is added to every row of `y` at the end. */
  readonly bias: Float64Array;
  /** For each row of `y`, whether it belongs to the end of its sequence that aLoRA acts on. */
  readonly invoked: (row: number) => boolean;
}

/** A way in which an adapter acts that differs from y + s·B·A·x, or in which it is stored. */
export interface Variant {
  readonly id: string;
  readonly kinds: readonly AdaptedKind[];
  /** Why it has no merged weight; absent where it has. */
  readonly unmergeable?: string;
  /** Names of the tensors it needs besides the factors. */
  readonly needs?: readonly ("magnitude" | "diagonal")[];
  /** The shapes that the stored factors have, where they are packed. */
  packed?(shapes: FactorShapes): FactorShapes;
  /** Dense factors out of the stored ones, where they differ: out × r and r × in. */
  unpack?(tensors: AdapterTensors): Factors;
  /** Adds its part to the step. */
  forward(step: ForwardStep): void;
}
