import type { TensorFile } from "@lora/tensor";
import type { ActionOutput } from "../../actions/_action.ts";

/** `style.safetensors` becomes `style-resized.safetensors`; an adapter with a config keeps the name PEFT looks for. */
export function outputName(
  first: Pick<TensorFile, "name">,
  { file, suffix, container, fileName }: Omit<ActionOutput, "report">,
): string {
  if (fileName !== undefined) return fileName;
  if (file.sidecars.has("adapter_config.json")) return "adapter_model.safetensors";
  const plain = first.name.split(/[?#]/u, 1)[0]!.split("/").at(-1)!;
  const stem = plain.replace(/\.(safetensors|bin|pt|pth|ckpt|gguf|npz|npy|index\.json)$/u, "");
  return `${stem}${suffix}.${container ?? "safetensors"}`;
}
