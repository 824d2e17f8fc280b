import type * as jobs from "@lora/jobs";
import type { TensorFile } from "@lora/tensor";
import type { Field } from "./_field.ts";

/** The jobs, handed over by the worker: an action imports only their types, so that the page need not load them. */
export type Jobs = typeof jobs;

/** Settings of an action: what its form holds, and what the address of the page keeps. */
export type Values = Readonly<Record<string, string | number | boolean>>;

/** Images that were chosen for fields, scaled and encoded. */
export type Pictures = Readonly<Record<string, Blob>>;

/** An open file that an action works on. */
export interface ActionFile {
  readonly file: TensorFile;
  /** As `Action.files.weights` asks for it. @default 1 */
  readonly weight: number;
  /** Which dialect the user reads it in, instead of what it is detected as. */
  readonly dialect: string | undefined;
}

/** What an action works with, in the worker. */
export interface ActionInput {
  readonly files: readonly ActionFile[];
  /** Where one was dropped beside them. */
  readonly base: TensorFile | undefined;
  readonly values: Values;
  /** Pictures by the name of their field, each encoded as a file; they are in no address. */
  readonly pictures: Pictures;
  readonly context: jobs.RunContext;
}

/** A file as it was written. */
export interface Written {
  readonly path: string;
  readonly bytes: number;
  /** Opens it, to be read back. */
  readonly again: () => Promise<TensorFile>;
}

/** A file to be written, and what can be said when it is. */
export interface ActionOutput {
  readonly file: TensorFile;
  /** Goes between stem and ending of the first file's name. */
  readonly suffix: string;
  /** @default "safetensors" */
  readonly container?: "safetensors" | "gguf" | undefined;
  /** What readers of a folder look for; left out: named like the first file. */
  readonly fileName?: string | undefined;
  report(written: Written): object | Promise<object>;
}

/** What an action made: a report, files to write, or both. */
export interface ActionResult {
  readonly report?: object | undefined;
  readonly outputs: readonly ActionOutput[];
}

/** Something to do with files: one file of this folder each, found by `pnpm gen`. */
export interface Action {
  /** In the address of the page. */
  readonly id: string;
  readonly title: string;
  /** One sentence for who has not done it yet. */
  readonly summary: string;
  /** How many files it takes, and whether each has a weight. */
  readonly files: { readonly least: number; readonly most: number; readonly weights: boolean };
  readonly base: "none" | "optional" | "required";
  /** Whether it makes files, or only a report. */
  readonly writes: boolean;
  readonly fields: readonly Field[];
  /** Runs in the worker. */
  run(library: Jobs, input: ActionInput): Promise<ActionResult>;
}
