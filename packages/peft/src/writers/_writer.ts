import type { Shape } from "@lora/tensor";
import type { Component, LayerKind, Magnitude } from "../adapter.ts";
import type { Texts } from "../dialects/_dialect.ts";
import type { Naming } from "../layouts/_layout.ts";

/** The names that a dialect takes its paths from. */
export type PathNaming = Naming | "library";

/** What is known of the file that is to be written, whatever the module. */
export interface WrittenFile {
  /** Id of the architecture; `unknown` where nothing tells. */
  readonly architecture: string;
  /** Components that have modules. */
  readonly components: readonly Component[];
}

/** Where a module goes. */
export interface WrittenPlace {
  readonly component: Component;
  /** In the naming of the dialect; with dots, where these are known. */
  readonly path: string;
  readonly layer: LayerKind;
}

/** What a module is called, and in which of the dialect's spellings. */
export interface WrittenName {
  readonly module: string;
  /** Left out: the first. */
  readonly spelling?: string | undefined;
}

/** A module as the texts of a file tell of it. */
export interface WrittenScale {
  /** As the dialect spells it. */
  readonly name: string;
  readonly path: string;
  readonly rank: number;
  /** What a reader multiplies with. */
  readonly scale: number;
  readonly transposed: boolean;
}

/** What the texts of a new file are made of. */
export interface TextsOf {
  readonly modules: readonly WrittenScale[];
  /** Those of the file that is converted. */
  readonly source: Texts;
  readonly metadata: ReadonlyMap<string, string>;
  /** Every module has the magnitudes of DoRA. */
  readonly magnitudes: boolean;
  /** `general.architecture` of GGUF, where it is known. */
  readonly ggufArchitecture: string | undefined;
}

/**
 * Where the scale of a module is kept: in an alpha tensor of its own, in the configuration module by module, as one alpha that
 * readers divide by each rank, as one factor for all modules, or nowhere (1).
 */
export type ScalePlace = "tensor" | "config" | "one-alpha" | "one-scale" | "none";

/** How a dialect writes the magnitudes of DoRA. */
export interface MagnitudeForm {
  /** Behind the name of the module, and a dot. */
  readonly suffix: string;
  /** Whether there may be one for each input, in place of each output. */
  readonly perInput: boolean;
  /** Readers expect them on every module, or on none. */
  readonly onEvery: boolean;
  shape(magnitude: WrittenMagnitude): Shape;
}

/** Magnitudes that are written: how many, of what, and the axes of the kernel of their weight. */
export interface WrittenMagnitude {
  readonly axis: Magnitude["axis"];
  readonly size: number;
  readonly kernelAxes: number;
}

/** How a dialect is written: one file of this folder. */
export interface Writer {
  /** Of the dialect. */
  readonly id: string;
  /** Programs that load what it writes. */
  readonly consumers: string;
  /** What it holds and what it does not, as a phrase. */
  readonly limits: string;
  readonly container: "safetensors" | "gguf";
  /** What the file is called in a folder. */
  readonly fileName?: string;
  readonly scales: ScalePlace;
  /** Left out: readers know nothing of DoRA. */
  readonly magnitudes?: MagnitudeForm;
  /** All modules must have one rank. */
  readonly oneRank: boolean;
  /** Names have underscores for dots. */
  readonly underscored: boolean;
  naming(architecture: string): PathNaming;
  /** Undefined where the dialect has no name for such a module. */
  name(place: WrittenPlace, file: WrittenFile): WrittenName | undefined;
  /** Side files and metadata; those of the source, less what would be misread, where this is left out. */
  texts?(of: TextsOf): Texts;
}

/** Prefixes by component; a component that is not there has no name. */
export type Prefixes = Readonly<Partial<Record<Component, string | undefined>>>;

/** A name that is a prefix and the path. */
export function prefixedName(prefixes: Prefixes, { component, path }: WrittenPlace): WrittenName | undefined {
  const prefix = prefixes[component];
  return prefix === undefined ? undefined : { module: prefix + path };
}

/** Models with a U-Net: their files call a denoiser so. */
const UNETS = ["sd1", "sd2", "sdxl"];

/** The denoiser by its right name; FLUX.1 has no second CLIP, and diffusers calls its T5 the second encoder. */
export function pipelineComponent(component: Component, architecture: string): Component {
  if (component === "te3" && architecture === "flux") return "te2";
  if (component !== "unet" && component !== "transformer") return component;
  if (architecture === "unknown") return component;
  return UNETS.includes(architecture) ? "unet" : "transformer";
}
