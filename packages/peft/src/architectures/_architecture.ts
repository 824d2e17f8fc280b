import type { RowRange, Shape } from "@lora/tensor";
import type { AdapterModule, Component } from "../adapter.ts";

/** What an architecture is told by: where the modules sit, their shapes, what the trainer noted. */
export interface Clues {
  /** With canonical paths: underscores for dots, diffusers' names for the U-Nets of Stable Diffusion. */
  readonly modules: readonly Pick<AdapterModule, "component" | "path" | "shape">[];
  readonly metadata: ReadonlyMap<string, string>;
}

/** A place that a tensor of a base checkpoint holds the weight of. */
export interface Alias {
  /** Undefined where the name does not tell, as in a file of one component. */
  readonly component: Component | undefined;
  /** Dotted, in the names of the checkpoint or of diffusers. */
  readonly path: string;
  /** The part of a fused tensor. */
  readonly rows?: RowRange;
  /** Stored as in × out. */
  readonly transposed?: boolean;
}

/** A family of base models: one file of this folder. */
export interface Architecture {
  readonly id: string;
  readonly title: string;
  /** Where its names are defined. */
  readonly source: string;
  /** How likely an adapter is for it: 0 (no) to 1 (certain). */
  score(clues: Clues): number;
  /**
   * What a tensor of a base checkpoint is, in names that only this architecture has; empty for all others.
   * Names that mean themselves, with or without a component's prefix, need no alias.
   */
  aliases?(name: string, shape: Shape): readonly Alias[];
}
