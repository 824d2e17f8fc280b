import type { NamedCheckpoint } from "../app/app.ts";
import type { DroppedFile } from "../open/dropped-file.ts";
import { groupCheckpoints } from "../open/group-checkpoints.ts";

// Bundlers know this form, word by word.
const FILES = [
  ["pirate-tales", new URL("../../../../samples/pirate-tales/adapter_model.safetensors", import.meta.url)],
  ["pirate-tales", new URL("../../../../samples/pirate-tales/adapter_config.json", import.meta.url)],
  [
    "question-answer",
    new URL("../../../../samples/question-answer/adapter_model.safetensors", import.meta.url),
  ],
  ["question-answer", new URL("../../../../samples/question-answer/adapter_config.json", import.meta.url)],
  ["tiny-llama", new URL("../../../../samples/base/model.safetensors", import.meta.url)],
] as const;

/** Two real adapters and the model they were trained on, which come with the page. */
export async function sampleFiles(): Promise<NamedCheckpoint[]> {
  return groupCheckpoints(await Promise.all(FILES.map(fetchFile)));
}

async function fetchFile([folder, address]: (typeof FILES)[number]): Promise<DroppedFile> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`the sample cannot be loaded: ${response.status}`);
  const ending = address.pathname.split(".").at(-1)!;
  const name = ending === "json" ? "adapter_config.json" : "adapter_model.safetensors";
  return {
    folder,
    file: new File([await response.blob()], folder === "tiny-llama" ? "model.safetensors" : name),
  };
}
