import type { TensorFile } from "@lora/tensor";
import type { Texts, WrittenModule } from "./_dialect.ts";

/** The texts of a file with trainers' notes of its size brought up to date. */
export function updatedDims(file: TensorFile, modules: readonly WrittenModule[]): Texts {
  return { metadata: updatedMetadata(file, modules), sidecars: file.sidecars };
}

/** `ss_network_dim` and `ss_network_alpha` where the file has them: the value, or `Dynamic` where modules differ. */
function updatedMetadata(file: TensorFile, modules: readonly WrittenModule[]): ReadonlyMap<string, string> {
  const metadata = new Map(file.metadata);
  const set = (key: string, values: readonly number[]): void => {
    const [first] = values;
    if (!metadata.has(key) || first === undefined) return;
    metadata.set(key, values.every((value) => value === first) ? String(first) : "Dynamic");
  };
  set(
    "ss_network_dim",
    modules.map(({ rank }) => rank),
  );
  set(
    "ss_network_alpha",
    modules.map(({ rank, alpha }) => alpha ?? rank),
  );
  return metadata;
}
