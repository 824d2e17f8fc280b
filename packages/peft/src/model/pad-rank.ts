import { LoraError, sameShape } from "@lora/tensor";
import { arrayLike } from "../layers/dense-tensor.ts";
import type { TypedTensor } from "../layers/dense-tensor.ts";
import type { AdapterTensors } from "../layers/layer-adapter.ts";
import type { LoraLayer } from "../layers/lora-layer.ts";

/**
 * The factors with zeros up to this rank: the same update in larger tensors, so that adapters of several ranks can take
 * turns in buffers of one size. Groups of a convolution and experts each get their share of the zeros.
 *
 * @throws LoraError SHAPE when the factors have more ranks already, or the groups do not divide the rank; UNSUPPORTED
 *   for factors that are packed, or have one value a rank
 */
export function padRank(layer: LoraLayer, tensors: AdapterTensors, rank: number): AdapterTensors {
  const have = (tensors.down.shape[0] ?? 0) / layer.copies;
  if (have === rank) return tensors;
  if (have > rank)
    throw new LoraError("SHAPE", `factors of rank ${have} do not fit into rank ${rank}`, { rank });
  const [now, shapes] = [layer.factorShapes(have), layer.factorShapes(rank)];
  const isPacked = !sameShape(now.down, tensors.down.shape) || !sameShape(now.up, tensors.up.shape);
  if (isPacked || tensors.diagonal !== undefined || tensors.samplerDeviation !== undefined) {
    throw new LoraError(
      "UNSUPPORTED",
      "factors that are packed or have values for each rank cannot be padded",
      { rank },
    );
  }
  const down = {
    ...tensors.down,
    shape: shapes.down,
    data: widened(tensors.down, shapes.down, layer.copies * layer.groups),
  };
  const up = { ...tensors.up, shape: shapes.up, data: widened(tensors.up, shapes.up, layer.outputs) };
  return { ...tensors, down, up };
}

/** The values in equal blocks, with zeros after each. */
function widened({ data }: TypedTensor, shape: readonly number[], blocks: number): TypedTensor["data"] {
  const out = arrayLike(
    data,
    shape.reduce((product, size) => product * size, 1),
  );
  const [old, wide] = [data.length / blocks, out.length / blocks];
  for (let block = 0; block < blocks; block++)
    out.set(data.subarray(block * old, (block + 1) * old), block * wide);
  return out;
}
