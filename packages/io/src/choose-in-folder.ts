import { LoraError } from "@lora/tensor";

const INDEX = /\.(safetensors|bin)\.index\.json$/u;
const MAIN_INDEX = "model.safetensors.index.json";
/** What Hugging Face's libraries and MLX call the weights in a folder; safetensors come before all others. */
const USUAL_NAMES = [
  "model.safetensors",
  "diffusion_pytorch_model.safetensors",
  "pytorch_lora_weights.safetensors",
  "adapter_model.safetensors",
  "adapters.safetensors",
];
const OLDER_NAMES = [
  "pytorch_model.bin",
  "diffusion_pytorch_model.bin",
  "pytorch_lora_weights.bin",
  "adapter_model.bin",
  "adapters.npz",
];
const OTHER_ENDING = /\.(bin|pt|pth|ckpt|gguf|npz)$/u;

/**
 * Which file of a folder is its model: the index of a sharded one, else the file with a usual name, else
 * the only `.safetensors`; only without those, one of another format.
 *
 * @param names the files of the folder
 * @throws LoraError MISSING when there is none; USAGE when there are several
 */
export function chooseInFolder(names: readonly string[], folder: string): string {
  if (names.includes(MAIN_INDEX)) return MAIN_INDEX;
  const groups = [
    names.filter((name) => INDEX.test(name)),
    names.filter((name) => USUAL_NAMES.includes(name)),
    names.filter((name) => name.endsWith(".safetensors")),
    names.filter((name) => OLDER_NAMES.includes(name)),
    names.filter((name) => OTHER_ENDING.test(name)),
  ];
  const candidates = groups.find((group) => group.length > 0) ?? [];
  const [only] = candidates;
  if (only === undefined) throw nothingIn(folder);
  if (candidates.length === 1) return only;
  throw new LoraError("USAGE", `the folder holds ${candidates.length} models: ${listed(candidates)}`, {
    file: folder,
    candidates,
    advice: "give the path of one of them",
  });
}

function nothingIn(folder: string): LoraError {
  return new LoraError("MISSING", "the folder holds no checkpoint", {
    file: folder,
    advice: "give the path of a checkpoint, or of the folder it is in",
  });
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 8).join(", ");
  return names.length > 8 ? `${shown} and ${names.length - 8} more` : shown;
}
