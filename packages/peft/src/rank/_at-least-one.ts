import type { ModuleSpectrum, Selection } from "./_rule.ts";

/**
 * A selection that drops no module, for files whose readers expect each one: a module that would lose all
 * its pairs keeps the one with the largest σ. The file may become larger than a size that was asked for.
 */
export function atLeastOne(selection: Selection, spectra: readonly ModuleSpectrum[]): Selection {
  const kept = selection.kept.map((indices, module) => {
    const pairs = spectra[module]?.s.length ?? 0;
    return indices.length === 0 && pairs > 0 ? [0] : indices;
  });
  return { ...selection, kept };
}
