import type { Shape, TensorFile } from "@lora/tensor";
import type { AdapterModule, Component, Detection, LayerKind, ModuleSettings } from "../adapter.ts";
import type { Part } from "../parts.ts";

/** What a tensor name says in one dialect. */
export interface ParsedName {
  /** The name without what marks the part: the same for all tensors of a module, unique in the file. */
  readonly module: string;
  readonly part: Part;
  /** Which of the dialect's spellings this is; `print` gives the same name back with it. */
  readonly spelling: string;
  /** Set where the spelling itself tells, as PEFT's `lora_embedding_A` does. */
  readonly layer?: LayerKind | undefined;
}

/** Where in a model a module sits. */
export interface Place {
  readonly component: Component;
  readonly path: string;
}

/** A place, and what is there. */
export interface PlacedKind extends Place {
  /** Id of the kind. */
  readonly kind: string;
}

/** What a scaling rule may know of a module. */
export interface ScaledModule extends Place {
  readonly name: string;
  /** What alpha is divided by; 0 where the kind has no use for alpha. */
  readonly rank: number;
  /** Of ΔW. */
  readonly shape: Shape;
}

/** What up · down of a module is multiplied with, and where that is written. */
export interface ModuleScale {
  readonly alpha: number | undefined;
  readonly scale: number;
  readonly source: AdapterModule["scaleSource"];
}

/** How the modules of one file are scaled. */
export interface Scaling {
  /**
   * @param storedAlpha the value of the module's own alpha tensor, where it has one
   * @throws LoraError SHAPE when the file's configuration and its tensors disagree
   */
  of(module: ScaledModule, storedAlpha: number | undefined): ModuleScale;
  /** The same module at another rank: the alpha that keeps its scale, and the scale that this alpha gives. */
  at(module: AdapterModule, rank: number): ModuleScale;
  /** The base stores these weights as in × out. */
  readonly transposed: boolean;
  /** Modules whose weights are saved whole beside the factors, by the last part of their path. */
  readonly savedWhole: readonly string[];
  readonly warnings: readonly string[];
  /** What the file's configuration says of how a module acts. */
  readonly settings?: (module: PlacedKind) => ModuleSettings | undefined;
  /** Of the equal parts of each fused layer, those that have an update (old PEFT's `enable_lora`). */
  readonly enabled?: readonly boolean[] | undefined;
}

/** A module as it will be written. */
export interface WrittenModule {
  readonly module: AdapterModule;
  /** As plain factors, up and down; else as the kind that it is. */
  readonly asPair: boolean;
  readonly rank: number;
  /** Of the product of the factors as written. */
  readonly scale: number;
  /** As written; what `scale` is made of. */
  readonly alpha: number | undefined;
}

/** The texts of a file that depend on ranks and scales. */
export interface Texts {
  readonly metadata: ReadonlyMap<string, string>;
  readonly sidecars: ReadonlyMap<string, string>;
}

/** A way of naming the tensors of an adapter: one file of this folder. */
export interface Dialect {
  readonly id: string;
  readonly title: string;
  /** Who writes it, or where it is described. */
  readonly source: string;
  /** Consumers expect every module the file names: none may be dropped, the least is rank 1. */
  readonly keepsEveryModule: boolean;
  /** Its names are unmistakable, so single modules of it are also read out of files of other dialects. */
  readonly distinct: boolean;
  /** How sure it is that the file is written in this dialect; never throws. */
  score(names: readonly string[], file: TensorFile): Detection;
  parse(name: string): ParsedName | undefined;
  /** The inverse of `parse`; without `spelling` the first one of the dialect, which is the one to write. */
  print(module: string, part: Part, spelling?: string): string;
  place(module: string): Place;
  /**
   * Reads what the file says of scales outside its tensors.
   *
   * @throws LoraError MISSING, FORMAT or UNSUPPORTED when what must be there is not, or is something else
   */
  scaling(file: TensorFile): Scaling;
  /** The file's metadata and side files, brought up to date with the modules as written. */
  texts(file: TensorFile, modules: readonly WrittenModule[]): Texts;
}
