import type { EngineOptions, Matrix } from "@lora/linalg";
import {
  encode,
  type LazyTensor,
  LoraError,
  locate,
  tensorFile,
  type TensorFile,
  tensorOfBytes,
} from "@lora/tensor";
import type { Adapter, AdapterModule } from "../adapter.ts";
import { printLoraConfig, PEFT_CONFIG } from "../config/lora-config-text.ts";
import { DEFAULT_LORA_CONFIG, type LoraConfig } from "../config/lora-config.ts";
import { plainLoraConfig } from "../config/peft-config.ts";
import type { RankAndAlpha } from "../config/lora-scales.ts";
import { updatedScales } from "../config/updated-scales.ts";
import { loadDelta } from "../load-delta.ts";
import { demandPart, type KeptPart, loraOfUpdate } from "./lora-of-update.ts";

/** How much of each update is kept: one of `rank` and `energy`. */
export interface ConvertToLoraOptions extends KeptPart, EngineOptions {
  readonly signal?: AbortSignal | undefined;
}

const PREFIX = "base_model.model.";

/**
 * An adapter of any kind as a plain LoRA of PEFT with a scale of 1 (alpha = rank), module by module: one update is
 * in memory at a time, and the new factors of all. Tensors that no module claims are carried over.
 *
 * @throws LoraError UNSUPPORTED for DoRA and trained biases, which no product of factors holds; as `loraOfUpdate` and
 *   `loadDelta` do
 * @see PEFT convert_to_lora, save_as_lora
 */
export async function convertToLora(adapter: Adapter, options: ConvertToLoraOptions): Promise<TensorFile> {
  demandPart(options);
  const config = plainLoraConfig(adapter.file)?.config ?? DEFAULT_LORA_CONFIG;
  refuseMore(adapter, config);
  const tensors: [string, LazyTensor][] = [];
  const scales = new Map<string, RankAndAlpha>();
  for (const module of adapter.modules) {
    const update = await loadDelta(module, options);
    const made = await locate({ file: adapter.file.name, module: module.name }, () =>
      loraOfUpdate(update, options),
    );
    scales.set(module.path, { rank: made.rank, alpha: made.rank });
    tensors.push(...factorTensors(module, made.down, made.up));
  }
  const written = { ...config, ...updatedScales({ ...config }, scales), ...plain([...scales.keys()]) };
  return tensorFile({
    name: adapter.file.name,
    tensors: [...tensors, ...adapter.extras.map(({ name, tensor }) => [name, tensor] as const)],
    metadata: [["format", "pt"]],
    sidecars: new Map(adapter.file.sidecars).set(PEFT_CONFIG, printLoraConfig(written)),
  });
}

/** Fields that say which modules there are, and that the factors are all there is. */
function plain(paths: readonly string[]): Partial<LoraConfig> {
  return {
    target_modules: paths,
    exclude_modules: null,
    layers_to_transform: null,
    layers_pattern: null,
    use_rslora: false,
    init_lora_weights: true,
    eva_config: null,
    corda_config: null,
    lora_ga_config: null,
    loftq_config: {},
  };
}

function refuseMore(adapter: Adapter, config: LoraConfig): void {
  const more = [
    ["DoRA's magnitudes", config.use_dora],
    [`trained biases (${config.bias})`, config.bias !== "none"],
    ["a bias of the adapter (lora_bias)", config.lora_bias],
  ].find(([, there]) => there);
  if (more === undefined) return;
  throw new LoraError("UNSUPPORTED", `${more[0]} cannot be part of a plain LoRA`, {
    file: adapter.file.name,
    advice: "merge the adapter into its base instead",
  });
}

function factorTensors(
  { path, layer, shape, dtype }: AdapterModule,
  down: Matrix,
  up: Matrix,
): [string, LazyTensor][] {
  const endings =
    layer === "embedding" ? ["lora_embedding_A", "lora_embedding_B"] : ["lora_A.weight", "lora_B.weight"];
  const kernel = shape.slice(2);
  const shapes = [
    [down.rows, ...shape.slice(1)],
    [up.rows, up.cols, ...kernel.map(() => 1)],
  ];
  const stored = dtype.startsWith("f8") ? "f16" : dtype;
  return [down, up].map(({ data }, index) => [
    `${PREFIX}${path}.${endings[index]}`,
    tensorOfBytes(encode(data, stored), stored, shapes[index]!),
  ]);
}
