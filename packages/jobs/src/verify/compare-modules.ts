import type { AdapterModule } from "@lora/peft";
import { elementCount, LoraError, sameShape, shapeText } from "@lora/tensor";
import type { WorkerPool } from "../pool/worker-pool.ts";
import { moduleBytes, type ModulePlace, sendModule } from "../posted.ts";
import { compare, type UpdateComparison } from "./compare.ts";

/**
 * Reads a target of two files and has its updates compared.
 *
 * @throws LoraError SHAPE when the two adapt weights of different shape
 */
export async function compareModules(
  a: ModulePlace | undefined,
  b: ModulePlace | undefined,
  { pool, signal }: { readonly pool: WorkerPool; readonly signal: AbortSignal | undefined },
): Promise<UpdateComparison> {
  if (a !== undefined && b !== undefined) refuseOtherShape(a.module, b.module);
  const bytesOf = (one: ModulePlace | undefined): number => (one === undefined ? 0 : moduleBytes(one.module));
  return pool.run(compare, {
    bytes: bytesOf(a) + bytesOf(b),
    signal,
    input: async () => ({
      a: a && (await sendModule(a, { pool, signal })),
      b: b && (await sendModule(b, { pool, signal })),
    }),
  });
}

function refuseOtherShape(a: AdapterModule, b: AdapterModule): void {
  const [flatA, flatB] = [flat(a), flat(b)];
  if (sameShape(flatA, flatB)) return;
  throw new LoraError(
    "SHAPE",
    `the updates of ${a.name} are ${shapeText(a.shape)} and ${shapeText(b.shape)}`,
    {
      module: a.name,
      other: b.name,
      advice: "compare adapters of the same base model",
    },
  );
}

/** A 1 × 1 convolution may be stored as a linear layer. */
function flat(module: AdapterModule): number[] {
  const [out = 0, ...rest] = module.shape;
  return [out, elementCount(rest)];
}
