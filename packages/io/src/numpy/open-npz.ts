import type { LazyTensor, TensorFile } from "@lora/tensor";
import { locate } from "@lora/tensor";
import { memoryBudget, spend } from "../memory-budget.ts";
import type { ByteSource } from "../sources/byte-source.ts";
import { readDirectory } from "../zip/directory.ts";
import { memberSource } from "../zip/member-source.ts";
import { arrayTensor } from "./array-tensor.ts";

const ENDING = ".npy";
/** What a tensor of an archive takes in memory, with what it reads from. */
const ARRAY_BYTES = 1280;

/**
 * Opens an archive of arrays, as NumPy and MLX write them: reads the directory and the header of each array, two
 * reads for each. Members that are no arrays are listed in the metadata, under `npz.ignored`.
 *
 * @throws LoraError FORMAT when the archive or an array is broken; UNSUPPORTED when an array holds no numbers
 */
export function openNpz(source: ByteSource, signal?: AbortSignal): Promise<TensorFile> {
  return locate({ file: source.name }, async () => {
    const tensors = new Map<string, LazyTensor>();
    const ignored: string[] = [];
    const budget = memoryBudget(source.size);
    for (const member of (await readDirectory(source, budget, signal)).values()) {
      if (!member.name.endsWith(ENDING)) {
        ignored.push(member.name);
        continue;
      }
      spend(budget, ARRAY_BYTES, "the arrays of the zip");
      const name = member.name.slice(0, -ENDING.length);
      const open = (): Promise<LazyTensor> => arrayTensor(memberSource(source, member), name, signal);
      tensors.set(name, await locate({ tensor: name }, open));
    }
    return {
      name: source.name,
      format: "npz",
      byteLength: source.size,
      tensors,
      metadata: new Map(ignored.length === 0 ? [] : [["npz.ignored", ignored.join(", ")]]),
      sidecars: new Map(),
    };
  });
}
