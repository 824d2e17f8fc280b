import { LoraError } from "@lora/tensor";
import type { ModelDescription, ModuleDescription } from "./model-description.ts";

/** Models with state spaces, whose kernels read these weights past the layers they belong to. */
const STATE_SPACE_MODELS = ["falcon_h1", "mamba", "mamba2", "falcon_mamba", "nemotron_h"];
const READ_BY_KERNELS = ["out_proj", "conv1d"];

/**
 * @throws LoraError UNSUPPORTED for a module that LoRA has no form for
 */
export function demandAdaptable({ name, kind }: ModuleDescription, { modelType }: ModelDescription): void {
  const last = name.slice(name.lastIndexOf(".") + 1);
  if (STATE_SPACE_MODELS.includes(modelType ?? "") && READ_BY_KERNELS.includes(last)) {
    throw new LoraError("UNSUPPORTED", `${name} cannot be adapted in models of type ${modelType}`, {
      module: name,
      modelType,
      advice: `leave ${last} out of target_modules: the kernels of such models read its weight directly`,
    });
  }
  if (kind !== "other") return;
  throw new LoraError("UNSUPPORTED", `${name} is no layer that LoRA has a form for`, {
    module: name,
    advice: "target linear layers, embeddings, convolutions or attention; a container is no layer",
  });
}
