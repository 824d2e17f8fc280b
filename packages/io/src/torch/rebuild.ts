import { LoraError } from "@lora/tensor";
import type { PickleTensor, PickleValue } from "../pickle/values.ts";
import { ofKind, wholeNumber, wholeNumbers } from "./arguments.ts";
import type { ElementType } from "./element-types.ts";

/**
 * `torch._utils._rebuild_tensor(storage, offset, size, stride)` and `_v2`, which adds what gradients need.
 *
 * @throws LoraError FORMAT when an argument is of another kind; UNSUPPORTED for a lazily negated or conjugated one
 */
export function rebuildTensor(args: readonly PickleValue[]): PickleTensor {
  const { type } = ofKind(args[0], "storage");
  if (type === undefined) throw new LoraError("FORMAT", "a tensor of untyped storage names no type");
  return viewOf(args, type, args[6]);
}

/** `torch._utils._rebuild_tensor_v3`, for the types that have no class of storage of their own. */
export function rebuildTensorV3(args: readonly PickleValue[]): PickleTensor {
  return viewOf(args, ofKind(args[6], "element type").type, args[7]);
}

/** `torch._utils._rebuild_parameter(data, requires_grad, backward_hooks)`: its data. */
export function rebuildParameter(args: readonly PickleValue[]): PickleTensor {
  return ofKind(args[0], "tensor");
}

function viewOf(
  args: readonly PickleValue[],
  type: ElementType,
  flags: PickleValue | undefined,
): PickleTensor {
  const shape = wholeNumbers(args[2], "the size of a tensor");
  const strides = wholeNumbers(args[3], "the stride of a tensor");
  if (shape.length !== strides.length) {
    throw new LoraError("FORMAT", `a tensor has ${shape.length} sizes and ${strides.length} strides`);
  }
  // The keys are `conj` and `neg`: the values would have to be changed on reading.
  if (flags !== undefined && flags !== null && ofKind(flags, "dict").entries.size > 0) {
    throw new LoraError("UNSUPPORTED", "a tensor is conjugated or negated only when it is read", {
      advice: "save it with .resolve_conj() or .resolve_neg()",
    });
  }
  return {
    kind: "tensor",
    storage: ofKind(args[0], "storage"),
    type,
    offset: wholeNumber(args[1], "the offset of a tensor"),
    shape,
    strides,
  };
}
