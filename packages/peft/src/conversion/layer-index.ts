import type { Component } from "../adapter.ts";
import type { LayerNames, Layout, Naming } from "../layouts/_layout.ts";
import { filledTemplate, TemplateIndex, type TemplateMatch } from "../layouts/_template.ts";
import { layouts } from "../layouts/_index.ts";
import { canonicalComponent } from "../pairing/canonical-target.ts";

/** A layer that a path stands for, or the part of it that the library has as a layer of its own. */
export interface FoundLayer {
  readonly layout: Layout;
  readonly layer: LayerNames;
  /** Index of the part; undefined for the whole layer, in one of its other names. */
  readonly part: number | undefined;
  readonly numbers: readonly string[];
}

/** Layers of a model by every name they have. */
export interface LayerIndex {
  /** Whether the model is one whose names are known, not only those of its text encoders. */
  readonly knowsModel: boolean;
  /** What a path may be, the names of the library first. */
  find(component: Component, path: string): readonly FoundLayer[];
  /** The layer that a layer of the library is, or is part of, in this naming. */
  inNaming(found: FoundLayer, naming: Naming): FoundLayer | undefined;
}

type Entry = Pick<FoundLayer, "layout" | "layer" | "part">;

/** Makes the index of all layers that a model of an architecture may have. O(names), a few thousand. */
export function layerIndex(architecture: string): LayerIndex {
  const own = layouts.filter(({ architectures }) => architectures?.includes(architecture));
  const knowsModel = own.length > 0;
  // Where the model is not known, names alone can still say where the dots were.
  const candidates = knowsModel ? layouts.filter((one) => own.includes(one) || !one.architectures) : layouts;
  const index = new TemplateIndex<Entry>();
  for (const layout of candidates) {
    for (const layer of layout.layers)
      layer.library.forEach((template, part) => index.add(template, { layout, layer, part }));
  }
  for (const layout of candidates) {
    for (const layer of layout.layers) {
      for (const template of new Set(Object.values(layer.names))) {
        if (!layer.library.includes(template)) index.add(template, { layout, layer, part: undefined });
      }
    }
  }
  const find: LayerIndex["find"] = (component, path) =>
    // Language models are kept with and without the name of their trunk.
    [path, `model.${path}`, path.replace(/^.*\.(?=model\.layers\.)/u, "")]
      .map((candidate) => index.find(candidate).filter(({ value }) => sits(value.layout, component)))
      .find((found) => found.length > 0)
      ?.map(foundLayer) ?? [];
  return {
    knowsModel,
    find,
    inNaming: ({ layout, layer, part, numbers }, naming) =>
      find(layout.components[0]!, filledTemplate(layer.library[part ?? 0]!, numbers)).find(
        (other) => other.part !== undefined && other.layer.names[naming] !== undefined,
      ),
  };
}

function foundLayer({ value, numbers }: TemplateMatch<Entry>): FoundLayer {
  return { ...value, numbers };
}

function sits({ components }: Layout, component: Component): boolean {
  return (
    component === "model" ||
    components.some((own) => canonicalComponent(own) === canonicalComponent(component))
  );
}
