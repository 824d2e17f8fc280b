import type { LayerNames, PathTemplate } from "./_layout.ts";

/** Layers that the authors' code and the library call the same. */
export function sameNames(paths: readonly PathTemplate[]): LayerNames[] {
  return paths.map((path) => ({ library: [path], names: { original: path } }));
}
