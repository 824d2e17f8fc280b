import { LoraError } from "@lora/tensor";

const INDEX = ".safetensors.index.json";
/** What Hugging Face's libraries call the weights in a folder. */
const USUAL_NAMES = [
  "model.safetensors",
  "diffusion_pytorch_model.safetensors",
  "pytorch_lora_weights.safetensors",
  "adapter_model.safetensors",
];

/**
 * Which file of a folder is its model: the index of a sharded one, else the file with a usual name, else
 * the only `.safetensors`.
 *
 * @param names the files of the folder
 * @throws LoraError MISSING when there is none; USAGE when there are several
 */
export function chooseInFolder(names: readonly string[], folder: string): string {
  const indexes = names.filter((name) => name.endsWith(INDEX));
  if (indexes.includes(`model${INDEX}`)) return `model${INDEX}`;
  const usual = names.filter((name) => USUAL_NAMES.includes(name));
  const any = names.filter((name) => name.endsWith(".safetensors"));
  const candidates = [indexes, usual, any].find((group) => group.length > 0) ?? [];
  const [only] = candidates;
  if (only === undefined) throw nothingIn(names, folder);
  if (candidates.length === 1) return only;
  throw new LoraError("USAGE", `the folder holds ${candidates.length} models: ${listed(candidates)}`, {
    file: folder,
    candidates,
    advice: "give the path of one of them",
  });
}

function nothingIn(names: readonly string[], folder: string): LoraError {
  const others = names.filter((name) => /\.(bin|pt|pth|ckpt|gguf|npz)$/u.test(name));
  const held = others.length === 0 ? "" : `; it holds ${listed(others)}, which is not read yet`;
  return new LoraError("MISSING", `the folder holds no .safetensors file${held}`, {
    file: folder,
    advice: "give the path of a checkpoint, or of the folder it is in",
  });
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 8).join(", ");
  return names.length > 8 ? `${shown} and ${names.length - 8} more` : shown;
}
