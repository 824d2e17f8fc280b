import type { Backend, ComputeDType, Shape, Tensor } from "@lora/tensor";
import { decode, elementCount, LoraError } from "@lora/tensor";
import type { ReferenceStorage } from "./reference-operation.ts";
import { referenceOperations } from "./reference-operations.ts";

/**
 * A `Backend` in plain TypeScript: the operations of this package on typed arrays, in f64 and f32, with f64 sums.
 * What other backends are tested against, and what runs where there is nothing faster. Calculates at once.
 */
export function referenceBackend(): Backend<ReferenceStorage> {
  const backend: Backend<ReferenceStorage> = {
    id: "reference",
    supports: (op, args) => Object.hasOwn(referenceOperations, op) && !referenceOperations[op].problem(args),
    run(op, args) {
      if (!Object.hasOwn(referenceOperations, op)) {
        throw new LoraError("UNSUPPORTED", `there is no operation ${op} in the reference backend`, { op });
      }
      const operation = referenceOperations[op];
      const problem = operation.problem(args);
      if (problem !== undefined) throw problem;
      const { storage, shape } = operation.run(args);
      return tensorOf(backend, storage, shape);
    },
    upload(bytes, from, as) {
      const storage = allocate(as, elementCount(from.shape));
      decode(bytes, from.dtype, storage);
      return tensorOf(backend, storage, from.shape);
    },
    download: async (tensor) => tensor.storage.slice(),
  };
  return backend;
}

/** Memory is the collector's business, so that there is nothing to give back. */
function tensorOf(
  backend: Backend<ReferenceStorage>,
  storage: ReferenceStorage,
  shape: Shape,
): Tensor<ReferenceStorage> {
  const dtype = storage instanceof Float64Array ? "f64" : "f32";
  return { dtype, shape, backend, storage, dispose: () => undefined };
}

function allocate(as: ComputeDType, count: number): ReferenceStorage {
  if (as === "f64") return new Float64Array(count);
  if (as === "f32") return new Float32Array(count);
  throw new LoraError("UNSUPPORTED", `the reference backend keeps values as f32 or f64, not as ${as}`, {
    as,
    advice: "ask for f32, which holds every f16 value",
  });
}
