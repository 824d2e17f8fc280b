import { DTYPES, encode, LoraError } from "@lora/tensor";
import type { AdapterTensors, AdapterWeights } from "../layers/layer-adapter.ts";
import { asRows } from "../layers/layer-adapter.ts";
import { kasaBase } from "../layers/kasa.ts";
import type { LoraLayer } from "../layers/lora-layer.ts";
import type { AdapterPlace, InitialAdapter } from "./adapter-place.ts";

/** What a place adds to the tensors for the layer. */
export function weightsAt(place: AdapterPlace, tensors: AdapterTensors): AdapterWeights {
  const { alpha, rank, variant, times, config } = place;
  return { tensors, alpha, rank, variant, times, rsLora: config.use_rslora };
}

/**
 * The base weight that an adapter is for, where it is not the one there is: what an initialiser left of it, or KaSA's
 * truncation. Stored bytes.
 *
 * @throws LoraError USAGE as `kasaBase` does
 */
export async function changedBase(
  { layer, variant, rank }: AdapterPlace,
  start: InitialAdapter,
): Promise<Uint8Array | undefined> {
  if (start.base !== undefined) {
    await layer.load();
    const count = layer.weight.bytes.length / (DTYPES[layer.weight.dtype].bits / 8);
    if (start.base.length !== count) {
      throw new LoraError(
        "SHAPE",
        `the base weight has ${count} values, what is left of it ${start.base.length}`,
        {},
      );
    }
    return encode(start.base, layer.weight.dtype);
  }
  if (variant.id !== "kasa") return undefined;
  await layer.load();
  const truncated = kasaBase(asRows({ data: layer.weight.values() }, layer.outputs), rank, {
    engine: layer.engine,
  });
  return encode(truncated.data, layer.weight.dtype);
}

/**
 * DoRA's magnitudes before any training: the norms of W + s·B·A, with which the layer does what it did without DoRA
 * scaling. Costs (out + r)·in·r.
 */
export async function withMagnitude(
  place: AdapterPlace,
  name: string,
  tensors: AdapterTensors,
): Promise<AdapterTensors> {
  if (tensors.magnitude !== undefined || place.variant.needs?.includes("magnitude") !== true) return tensors;
  const { layer } = place;
  await layer.load();
  const shape = magnitudeShape(layer);
  const ones = { dtype: "f64", shape, data: new Float64Array(layer.outputs).fill(1) } as const;
  layer.addAdapter(name, weightsAt(place, { ...tensors, magnitude: ones }));
  const norms = layer.norms(layer.adapters.get(name)!);
  const isDouble = tensors.up.dtype === "f64";
  const data = isDouble ? norms : Float32Array.from(norms);
  return { ...tensors, magnitude: { dtype: isDouble ? "f64" : "f32", shape, data } };
}

/** One value an output, with the axes of a convolution. */
function magnitudeShape(layer: LoraLayer): readonly number[] {
  if (layer.kind !== "convolution") return [layer.outputs];
  return [1, layer.outputs, ...layer.weight.shape.slice(2).map(() => 1)];
}
