import type { Matrix } from "@lora/linalg";
import { type LazyTensor, LoraError, readValues, type TensorFile } from "@lora/tensor";
import type { ActivationBatch, ActivationSource } from "./activation-source.ts";

/** Which of a dump is read. */
export interface ActivationFileOptions {
  /** All when left out. */
  readonly modules?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** `layers.0.q_proj.input`, or with the number of a batch `layers.0.q_proj.input.3`. */
const INPUT = /^(.+)\.input(?:\.(\d+))?$/;

const MASK = /^mask(?:\.(\d+))?$/;

/**
 * Activations from a file: tensors `<module>.input` for one batch or `<module>.input.<n>` for several, of any
 * number of axes, the last being the input's width; and, where only some tokens count, `mask` or `mask.<n>`. One
 * batch is in memory at a time.
 *
 * @throws LoraError MISSING when the file holds no inputs, or none of a module asked for
 */
export function activationsOfFile(file: TensorFile, options: ActivationFileOptions = {}): ActivationSource {
  const batches = new Map<number, Map<string, LazyTensor>>();
  const masks = new Map<number, LazyTensor>();
  const found = new Set<string>();
  for (const [name, tensor] of file.tensors) {
    const mask = MASK.exec(name);
    if (mask !== null) masks.set(Number(mask[1] ?? 0), tensor);
    const [, module, number] = INPUT.exec(name) ?? [];
    if (module === undefined || (options.modules !== undefined && !options.modules.includes(module)))
      continue;
    found.add(module);
    const index = Number(number ?? 0);
    batches.set(index, (batches.get(index) ?? new Map<string, LazyTensor>()).set(module, tensor));
  }
  refuseMissing(file, found, options.modules);
  const order = [...batches.keys()].sort((a, b) => a - b);
  return {
    async *batches() {
      for (const index of order) yield await readBatch(batches.get(index)!, masks.get(index), options.signal);
    },
  };
}

function refuseMissing(
  file: TensorFile,
  found: ReadonlySet<string>,
  modules: readonly string[] | undefined,
): void {
  const absent = modules?.find((module) => !found.has(module));
  if (absent === undefined && found.size > 0) return;
  throw new LoraError("MISSING", `there are no inputs of ${absent ?? "any module"} among the activations`, {
    file: file.name,
    module: absent,
    advice: "name the tensors <module>.input, or <module>.input.0, .1 … for several batches",
  });
}

async function readBatch(
  tensors: ReadonlyMap<string, LazyTensor>,
  mask: LazyTensor | undefined,
  signal: AbortSignal | undefined,
): Promise<ActivationBatch> {
  const inputs = new Map<string, Matrix>();
  for (const [module, tensor] of tensors) inputs.set(module, await tokensOf(tensor, signal));
  return mask === undefined ? { inputs } : { inputs, mask: await readValues(mask, { signal }) };
}

async function tokensOf(tensor: LazyTensor, signal: AbortSignal | undefined): Promise<Matrix> {
  const data = await readValues(tensor, { as: tensor.dtype === "f64" ? "f64" : "f32", signal });
  const cols = tensor.shape.at(-1) ?? 1;
  return { rows: data.length / cols, cols, data };
}
