import type { RowRange, Shape } from "@lora/tensor";
import type { Alias } from "../architectures/_architecture.ts";
import { partSizes } from "../conversion/pieces.ts";
import { layouts } from "../layouts/_index.ts";
import type { LayerNames, Layout, PathTemplate } from "../layouts/_layout.ts";
import { filledTemplate, TemplateIndex } from "../layouts/_template.ts";

/** A name for parts of a layer that stand beside each other. */
interface PartName {
  readonly template: PathTemplate;
  readonly first: number;
  readonly count: number;
}

interface Entry {
  readonly layer: LayerNames;
  readonly names: readonly PartName[];
}

/**
 * What the tensors of a transformer's checkpoint are in all other names that its layout has: of a fused layer, the rows of each
 * part. A layer that the checkpoint splits has no one weight for those who fuse it; where halves change places there is none either.
 *
 * @param architecture of the adapter; layouts of all models where none has it
 * @returns the aliases of a path without prefix and `.weight`
 */
export function layoutAliases(architecture: string): (path: string, shape: Shape) => readonly Alias[] {
  const transformers = layouts.filter(({ components }) => components.includes("transformer"));
  const own = transformers.filter(({ architectures }) => architectures?.includes(architecture));
  const index = new TemplateIndex<Entry>();
  for (const layout of own.length > 0 ? own : transformers) addLayout(index, layout);
  return (path, shape) =>
    index.find(path).flatMap(({ value: { layer, names }, numbers }) => {
      const ends = rowEnds(layer, shape);
      return ends === undefined
        ? []
        : names.map(({ template, first, count }): Alias => {
            const rows: RowRange = [ends[first]!, ends[first + count]!];
            const alias = { component: "transformer", path: filledTemplate(template, numbers) } as const;
            return count === layer.library.length ? alias : { ...alias, rows };
          });
    });
}

function addLayout(index: TemplateIndex<Entry>, { layers }: Layout): void {
  const byLibrary = new Map<PathTemplate, LayerNames[]>();
  for (const layer of layers) {
    const first = layer.library[0]!;
    byLibrary.set(first, [...(byLibrary.get(first) ?? []), layer]);
  }
  for (const layer of layers.filter(({ halvesSwapped }) => halvesSwapped !== true)) {
    const names = layer.library.flatMap((path, first) => [
      { template: path, first, count: 1 },
      ...(byLibrary.get(path) ?? [])
        .filter(({ library }) => library.every((other, at) => other === layer.library[first + at]))
        .flatMap(({ names: known, library }) =>
          Object.values(known).map((template) => ({ template, first, count: library.length })),
        ),
    ]);
    const own = new Set([
      ...Object.values(layer.names),
      ...(layer.library.length === 1 ? layer.library : []),
    ]);
    for (const template of own) index.add(template, { layer, names });
  }
}

/** Where the parts of a layer begin, and where the last ends; undefined for a tensor that has not their rows. */
function rowEnds({ shares }: LayerNames, [out = 0, width = 0]: Shape): readonly number[] | undefined {
  const ends = [0];
  for (const size of shares === undefined ? [out] : partSizes(shares, width)) ends.push(ends.at(-1)! + size);
  return ends.at(-1) === out ? ends : undefined;
}
