import type { Component } from "../adapter.ts";

/**
 * Who names a layer: `original` the code of the model's authors (and ComfyUI, and kohya for most models), `comfyui` its repackaged
 * checkpoints where they differ, `gguf` llama.cpp, `openclip` OpenCLIP, `processor` XLabs' attention processors. The names of
 * diffusers and transformers are the common ground of all.
 */
export type Naming = "original" | "comfyui" | "gguf" | "openclip" | "processor";

/** A path with `#` for each number that counts blocks; the numbers go over from one name to another in order. */
export type PathTemplate = string;

/** One layer under all its names. */
export interface LayerNames {
  /** In diffusers or transformers; several where these split a layer that others fuse, in the order of its rows. */
  readonly library: readonly PathTemplate[];
  readonly names: Readonly<Partial<Record<Naming, PathTemplate>>>;
  /** Rows of each part in input widths; not needed for a single part. */
  readonly shares?: readonly number[];
  /** The two halves of its rows stand in the other order than in diffusers. */
  readonly halvesSwapped?: boolean;
}

/** The names of the layers of one model, or of one of its components: one file of this folder. */
export interface Layout {
  readonly id: string;
  /** Where the names are defined. */
  readonly source: string;
  /** Ids of the architectures that have it; undefined: any. */
  readonly architectures?: readonly string[];
  /** As diffusers calls what has these layers; the first is taken where a file does not tell. */
  readonly components: readonly Component[];
  readonly layers: readonly LayerNames[];
}
