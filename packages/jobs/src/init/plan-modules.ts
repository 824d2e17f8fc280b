import { loraScales, type LoraConfig, scaleOf } from "@lora/peft";
import { elementCount, type LazyTensor, LoraError, type Shape, type TensorFile } from "@lora/tensor";

/** One module that gets factors. */
export interface PlannedModule {
  /** Its name in the base model: the name of its weight without `.weight`. */
  readonly name: string;
  readonly tensor: { readonly name: string; readonly tensor: LazyTensor };
  readonly layer: "linear" | "conv" | "embedding";
  /** Of the update: [out, in, …kernel]. */
  readonly shape: Shape;
  /** The base stores the weight as in × out. */
  readonly transposed: boolean;
  readonly rank: number;
  readonly alpha: number;
  /** alpha / rank, or alpha / √rank. */
  readonly scale: number;
}

/** Linear layers that GPT-2 keeps as in × out. */
const CONV1D = /(?:^|\.)c_(?:attn|proj|fc)$/;

/** Last names of embeddings in the models that PEFT has default targets for. */
const EMBEDDING = /(?:^|\.)(?:embed_tokens|word_embeddings|wte|wpe|embed_in|shared|tok_embeddings|[a-z_]*embeddings?)$/;

/**
 * The weights of the modules with these names, each with its rank and alpha by the configuration.
 *
 * @throws LoraError SHAPE when a weight is neither of a linear layer, a convolution nor an embedding
 */
export function planModules(base: TensorFile, names: readonly string[], config: LoraConfig): PlannedModule[] {
  const scales = loraScales(config);
  return names.map((name) => {
    const { rank, alpha } = scales.of(name);
    const tensorName = `${name}.weight`;
    const tensor = base.tensors.get(tensorName)!;
    if (tensor.shape.length < 2 || tensor.shape.length > 5) {
      throw new LoraError("SHAPE", `a weight of ${tensor.shape.length} axes takes no factors`, {
        file: base.name,
        tensor: tensorName,
        shape: tensor.shape,
        advice: "leave it out of the target modules",
      });
    }
    const layer = layerOf(name, tensor.shape);
    const transposed = layer === "embedding" || (layer === "linear" && isTransposed(base, name, config));
    return {
      name,
      tensor: { name: tensorName, tensor },
      layer,
      shape: transposed ? [tensor.shape[1]!, tensor.shape[0]!] : tensor.shape,
      transposed,
      rank,
      alpha,
      scale: scaleOf({ rank, alpha }, config.use_rslora),
    };
  });
}

/** in·k·k of a module. */
export function innerSize({ shape }: PlannedModule): number {
  return elementCount(shape.slice(1));
}

function layerOf(name: string, shape: Shape): PlannedModule["layer"] {
  if (shape.length > 2) return "conv";
  return EMBEDDING.test(name) ? "embedding" : "linear";
}

function isTransposed(base: TensorFile, name: string, { fan_in_fan_out: all }: LoraConfig): boolean {
  return all || (CONV1D.test(name) && /"model_type"\s*:\s*"gpt2"/.test(base.sidecars.get("config.json") ?? ""));
}
