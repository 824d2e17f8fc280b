import type { AdapterModule, Magnitude, NamedTensor } from "@lora/peft";
import type { RowRange } from "@lora/tensor";

/** An update on its way into a base tensor. */
export interface Contribution {
  readonly module: AdapterModule;
  /** Name of the adapter's file. */
  readonly file: string;
  /** What the update is multiplied with besides its own scale. */
  readonly weight: number;
  /** Set where this is the bias of the low-rank path, which goes into the bias of the layer. */
  readonly bias?: NamedTensor | undefined;
  readonly magnitude?: Magnitude | undefined;
  /** The update is a function of the weight: it is made when the weight is read. */
  readonly isFromBase: boolean;
}

/** Updates of the same rows of a base tensor; they are added together and rounded once. */
export interface RowsChange {
  readonly rows: RowRange;
  /** The base stores in × out. */
  readonly transposed: boolean;
  readonly contributions: readonly Contribution[];
}

/** What becomes of a tensor of the base. */
export type TensorChange = { readonly kind: "add"; readonly parts: readonly RowsChange[] } | Replacement;

/** A tensor of an adapter in the place of one of the base, or of some of its rows. */
export interface Replacement {
  readonly kind: "replace";
  readonly by: NamedTensor;
  readonly rows?: readonly number[] | undefined;
  /** Name of the adapter's file. */
  readonly file: string;
}
