import type { Backend, Ops, Shape, Tensor } from "@lora/tensor";
import { LoraError, signatures } from "@lora/tensor";
import type { WebGpuStorage } from "./webgpu-storage.ts";

/** The tensors of one backend that are not disposed. */
export interface ResidentTensors {
  add(backend: Backend<WebGpuStorage>, storage: WebGpuStorage, shape: Shape): Tensor<WebGpuStorage>;
  /** @throws LoraError USAGE when the tensor is not here */
  check(tensor: Tensor): void;
  /** Why an operation cannot take its arguments: it is not known, or one of them is not here. */
  problem<O extends keyof Ops>(op: O, args: Ops[O]): LoraError | undefined;
}

/**
 * Keeps account of tensors, since the buffer of one that was disposed holds another's values by then.
 *
 * @param release called once for each tensor, when it is disposed
 */
export function residentTensors(release: (storage: WebGpuStorage) => void): ResidentTensors {
  const live = new Set<unknown>();
  const absent = (tensor: Tensor): LoraError | undefined => {
    if (live.has(tensor.storage)) return undefined;
    return new LoraError("USAGE", "a tensor is not here: it was disposed, or is of another backend", {
      shape: tensor.shape,
      backend: tensor.backend.id,
    });
  };
  return {
    add(backend, storage, shape) {
      live.add(storage);
      const dispose = (): void => {
        if (live.delete(storage)) release(storage);
      };
      return { dtype: "f32", shape, backend, storage, dispose };
    },
    check(tensor) {
      const problem = absent(tensor);
      if (problem !== undefined) throw problem;
    },
    problem(op, args) {
      if (Object.hasOwn(signatures, op)) {
        return signatures[op]
          .tensors(args)
          .map(absent)
          .find((problem) => problem !== undefined);
      }
      return new LoraError("UNSUPPORTED", `there is no operation ${op} in the WebGPU backend`, { op });
    },
  };
}
