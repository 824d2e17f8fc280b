import type { LayerNames, Naming, PathTemplate } from "./_layout.ts";

/** A layer in the names of its authors and of the library. */
export function layer(original: PathTemplate, library: PathTemplate): LayerNames {
  return { library: [library], names: { original } };
}

/** Layers in the names of their authors and of the library. */
export function layers(
  pairs: readonly (readonly [original: PathTemplate, library: PathTemplate])[],
): LayerNames[] {
  return pairs.map(([original, library]) => layer(original, library));
}

/** Equally large layers of the library that another naming has as one. */
export function fused(
  name: PathTemplate,
  library: readonly PathTemplate[],
  naming: Naming = "original",
): LayerNames {
  return { library, names: { [naming]: name }, shares: library.map(() => 1) };
}
