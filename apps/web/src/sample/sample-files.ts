import adapter from "../../../../samples/pirate-tales/adapter_model.safetensors?url";
import adapterConfig from "../../../../samples/pirate-tales/adapter_config.json?url";
import second from "../../../../samples/question-answer/adapter_model.safetensors?url";
import secondConfig from "../../../../samples/question-answer/adapter_config.json?url";
import model from "../../../../samples/base/model.safetensors?url";
import type { NamedCheckpoint } from "../app/app.ts";
import type { DroppedFile } from "../open/dropped-file.ts";
import { groupCheckpoints } from "../open/group-checkpoints.ts";

const FILES = [
  ["pirate-tales", "adapter_model.safetensors", adapter],
  ["pirate-tales", "adapter_config.json", adapterConfig],
  ["question-answer", "adapter_model.safetensors", second],
  ["question-answer", "adapter_config.json", secondConfig],
  ["tiny-llama", "model.safetensors", model],
] as const;

/** Two real adapters and the model they were trained on, which come with the page. */
export async function sampleFiles(): Promise<NamedCheckpoint[]> {
  return groupCheckpoints(await Promise.all(FILES.map(fetchFile)));
}

async function fetchFile([folder, name, address]: (typeof FILES)[number]): Promise<DroppedFile> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`the sample cannot be loaded: ${response.status}`);
  return { folder, file: new File([await response.blob()], name) };
}
