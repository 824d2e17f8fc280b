import type { EngineOptions, Matrix } from "@lora/linalg";
import type { Shape } from "@lora/tensor";
import type { AdapterModule, LayerKind, NamedTensor } from "../adapter.ts";
import type { Delta } from "../delta.ts";
import type { Part } from "../parts.ts";

/** The tensors of one module, by role. */
export type Parts = ReadonlyMap<Part, NamedTensor>;

/** What the shapes of a module's tensors say. */
export interface ModuleForm {
  readonly layer: LayerKind;
  /** Of ΔW: [out, in] or [out, in, …kernel]; 0 for a size that only the base weight has. */
  readonly shape: Shape;
  /** Inner size of the exact product that the update is; at most what its shape allows, unless it is stored so. */
  readonly rank: number;
  /** What alpha is divided by, where that is not `rank`; 0 where the kind has no use for alpha. */
  readonly alphaRank?: number | undefined;
}

/** How the values of a module are read, and what their update calculates with. */
export interface LoadOptions extends EngineOptions {
  readonly signal?: AbortSignal | undefined;
  /** The weight that the module changes, out × in·k·k as `readBaseWeight` gives it; kinds that `needsBase` ask for it. */
  readonly base?: Matrix | undefined;
}

/** A way of storing an update: one file of this folder. */
export interface Kind {
  readonly id: string;
  readonly title: string;
  /** The paper or the code it comes from. */
  readonly source: string;
  readonly required: readonly Part[];
  readonly optional: readonly Part[];
  /** ΔW is a function of the weight: without `base` nothing but the headers can be read. */
  readonly needsBase?: true;
  /** Whether the update has, as a rule, as many pairs as its shape allows. */
  readonly isWhole?: (shape: Shape) => boolean;
  /** Alpha is a bound that the kind reads itself, 0 for none, and scales nothing. */
  readonly boundedByAlpha?: true;
  /** Tells kinds apart whose parts have the same names. */
  readonly accepts?: (parts: Parts) => boolean;
  /**
   * Reads the form of a module off its headers; no values.
   *
   * @param enabled parts of a fused layer that have an update, where the file's configuration names them
   * @throws LoraError MISSING when a required part is not there; SHAPE when sizes that must agree differ
   */
  describe(parts: Parts, enabled?: readonly boolean[]): ModuleForm;
  /**
   * Reads the values of a module: its factors, whole.
   *
   * @throws LoraError NUMERIC when a value is NaN or infinite; MISSING where it needs the base weight and has none;
   *   SHAPE when that does not fit; and what reading throws
   */
  load(module: AdapterModule, options?: LoadOptions): Promise<Delta>;
}
