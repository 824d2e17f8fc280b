import { elementCount } from "@lora/tensor";
import type { AdapterTensors } from "../layers/layer-adapter.ts";
import type { AdaptedModule } from "./base-module.ts";

/** What is in one layer. */
export interface LayerStatus {
  readonly name: string;
  /** Kind of the layer. */
  readonly kind: string;
  readonly enabled: boolean;
  readonly activeAdapters: readonly string[];
  readonly mergedAdapters: readonly string[];
  /** In alphabetical order. */
  readonly availableAdapters: readonly string[];
}

/** What is in all layers; `irregular` where they differ. */
export interface ModelStatus {
  readonly adapterLayers: number;
  readonly enabled: boolean | "irregular";
  readonly activeAdapters: readonly string[] | "irregular";
  readonly mergedAdapters: readonly string[] | "irregular";
  readonly availableAdapters: readonly string[];
  /** Values of all adapters. */
  readonly adapterParameters: number;
  /** Values of all adapters and of the base weights of modules. */
  readonly totalParameters: number;
}

/** The status of each layer, in the order of the model. */
export function layerStatus(modules: Iterable<AdaptedModule>): LayerStatus[] {
  return [...modules].flatMap(({ layers }) =>
    layers.map(({ path, layer }) => {
      const availableAdapters = [...layer.adapters.keys()].sort();
      return {
        name: path,
        kind: layer.kind,
        enabled: layer.enabled,
        activeAdapters: layer.activeAdapters.filter((name) => layer.adapters.has(name)),
        mergedAdapters: layer.mergedAdapters,
        availableAdapters,
      };
    }),
  );
}

/** @param baseParameters values of the base weights */
export function modelStatus(modules: Iterable<AdaptedModule>, baseParameters: number): ModelStatus {
  const all = [...modules];
  const layers = layerStatus(all);
  const adapterParameters = all
    .flatMap((module) => module.layers.flatMap(({ layer }) => [...layer.adapters.values()]))
    .reduce((sum, { tensors }) => sum + countOf(tensors), 0);
  return {
    adapterLayers: layers.length,
    enabled: agreed(layers.map(({ enabled }) => enabled)) ?? true,
    activeAdapters: agreedNames(layers, "activeAdapters"),
    mergedAdapters: agreedNames(layers, "mergedAdapters"),
    availableAdapters: [...new Set(layers.flatMap(({ availableAdapters }) => availableAdapters))].sort(),
    adapterParameters,
    totalParameters: baseParameters + adapterParameters,
  };
}

/**
 * The list that all layers have. A layer that lacks an adapter cannot have it in the list, and does not make it
 * irregular by that.
 */
function agreedNames(
  layers: readonly LayerStatus[],
  field: "activeAdapters" | "mergedAdapters",
): readonly string[] | "irregular" {
  const names = [...new Set(layers.flatMap((layer) => layer[field]))];
  const fits = layers.every((layer) => {
    const expected = names.filter((name) => layer.availableAdapters.includes(name));
    return expected.length === layer[field].length;
  });
  return fits ? names : "irregular";
}

function agreed<T>(values: readonly T[]): T | "irregular" | undefined {
  return values.every((value) => value === values[0]) ? values[0] : "irregular";
}

function countOf(tensors: AdapterTensors): number {
  return Object.values(tensors).reduce((sum: number, tensor) => sum + elementCount(tensor.shape), 0);
}
