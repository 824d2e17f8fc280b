import type { LazyTensor, TensorFile } from "@lora/tensor";
import { locate } from "@lora/tensor";
import type { Budget } from "../memory-budget.ts";
import type { PickleDict, PickleTensor, PickleValue } from "../pickle/values.ts";
import { isKind, isSequence } from "../pickle/values.ts";
import type { ByteSource } from "../sources/byte-source.ts";
import { stemOf } from "../stem-of.ts";
import { stridedTensor } from "../strided/strided-tensor.ts";
import type { StridedView } from "../strided/strided-view.ts";
import { checkView } from "../strided/strided-view.ts";
import { flatten } from "./flatten.ts";

/** Keys under which training code keeps the weights beside the state of an optimizer and the like. */
const WRAPPERS = ["state_dict", "model_state_dict", "model", "module"];

/**
 * What a pickle made, as a checkpoint. Where it is a dictionary that keeps the weights under one of the usual
 * keys, and neither tensors nor the same names beside them, their names lack that key; `torch.wrapper` in the
 * metadata says which it was. A tensor that has no name gets that of the file.
 *
 * @throws LoraError FORMAT when a tensor reaches past its storage, or as `flatten` does
 */
export async function checkpointFile(
  source: ByteSource,
  value: PickleValue,
  budget: Budget,
): Promise<TensorFile> {
  const wrapper = wrapperOf(value);
  const { tensors: views, metadata } = flatten(unwrapped(value, wrapper), rootOf(value, source), budget);
  if (wrapper !== undefined) metadata.set("torch.wrapper", wrapper);
  const tensors = new Map<string, LazyTensor>();
  for (const [name, tensor] of views) {
    const view = viewOf(tensor);
    await locate({ tensor: name }, () => checkView(view, source.size));
    tensors.set(name, stridedTensor(view, name));
  }
  return {
    name: source.name,
    format: "pytorch",
    byteLength: source.size,
    tensors,
    metadata,
    sidecars: new Map(),
  };
}

function rootOf(value: PickleValue, source: ByteSource): string {
  return isSequence(value) || isKind(value, "dict") ? "" : stemOf(source.name);
}

function wrapperOf(value: PickleValue): string | undefined {
  if (!isKind(value, "dict")) return undefined;
  if ([...value.entries.values()].some((entry) => isKind(entry, "tensor"))) return undefined;
  const others = [...value.entries.keys()];
  return WRAPPERS.find((key) => {
    const inner = value.entries.get(key);
    return isKind(inner, "dict") && !others.some((other) => other !== key && inner.entries.has(other));
  });
}

/** The weights first and under their own names, then the rest. */
function unwrapped(value: PickleValue, wrapper: string | undefined): PickleValue {
  if (!isKind(value, "dict") || wrapper === undefined) return value;
  const { entries } = value.entries.get(wrapper) as PickleDict;
  const rest = [...value.entries].filter(([key]) => key !== wrapper);
  return { kind: "dict", entries: new Map([...entries, ...rest]) };
}

function viewOf({ storage, type, offset, shape, strides }: PickleTensor): StridedView {
  return {
    storage: storage.bytes,
    dtype: type.dtype,
    storedAs: type.storedAs,
    itemBytes: type.bytes,
    swapped: storage.bigEndian && type.bytes > 1 ? (type.component ?? type.bytes) : undefined,
    shape,
    strides,
    offset,
  };
}
