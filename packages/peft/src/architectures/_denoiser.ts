import type { Component } from "../adapter.ts";
import type { Clues } from "./_architecture.ts";
import { inputWidth, namesBase, somePath } from "./_clues.ts";

/** Components under which files keep a denoiser. */
export const DENOISERS: readonly Component[] = ["unet", "transformer", "model"];

/** What tells a transformer of images or video from others. */
export interface DenoiserMarks {
  /** Beginnings of what trainers call the base. */
  readonly bases: readonly string[];
  /** Canonical paths that it has. */
  readonly path: RegExp;
  /** Input widths of the first module with such a path, where its names are not its own alone. */
  readonly widths?: readonly number[];
}

/** The score of a denoiser by its marks. */
export function denoiserScore(clues: Clues, { bases, path, widths }: DenoiserMarks): number {
  if (namesBase(clues, bases)) return 1;
  if (!somePath(clues, DENOISERS, path)) return 0;
  return widths === undefined || widths.includes(inputWidth(clues, DENOISERS, path)!) ? 0.92 : 0.2;
}
