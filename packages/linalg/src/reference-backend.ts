import type { Backend, ComputeDType, Ops, Shape, Tensor } from "@lora/tensor";
import { decode, elementCount, LoraError, signatures } from "@lora/tensor";
import type { EngineOptions } from "./engine.ts";
import { referenceEngine } from "./reference-engine.ts";
import type { ReferenceStorage } from "./reference-operations.ts";
import { referenceOperations } from "./reference-operations.ts";

/**
 * A `Backend` in this thread: the operations of this package on typed arrays, in f64 and f32. Products are the
 * engine's; the reference sums in f64. What other backends are tested against, and what runs where there is nothing
 * faster. Calculates at once.
 */
export function referenceBackend({
  engine = referenceEngine,
}: EngineOptions = {}): Backend<ReferenceStorage> {
  const backend: Backend<ReferenceStorage> = {
    id: engine.id,
    supports: (op, args) => Object.hasOwn(referenceOperations, op) && problemOf(op, args) === undefined,
    run(op, args) {
      if (!Object.hasOwn(referenceOperations, op)) {
        throw new LoraError("UNSUPPORTED", `there is no operation ${op} in the reference backend`, { op });
      }
      const problem = problemOf(op, args);
      if (problem !== undefined) throw problem;
      const [{ dtype }] = signatures[op].tensors(args);
      const values = referenceOperations[op](args, engine);
      const storage = dtype === "f32" && values instanceof Float64Array ? Float32Array.from(values) : values;
      return tensorOf(backend, storage, signatures[op].shape(args));
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

/** What is wrong with the shapes; then f16, and operands of two types. */
function problemOf<O extends keyof Ops>(op: O, args: Ops<ReferenceStorage>[O]): LoraError | undefined {
  const dtypes = signatures[op].tensors(args).map(({ dtype }) => dtype);
  const problem = signatures[op].problem(args);
  if (problem !== undefined || dtypes.every((dtype) => dtype === dtypes[0] && dtype !== "f16"))
    return problem;
  return new LoraError("UNSUPPORTED", `${op} calculates in f32 or f64, not in ${dtypes.join(" with ")}`, {
    dtypes,
  });
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
