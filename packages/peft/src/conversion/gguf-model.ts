import { LoraError, type TensorFile } from "@lora/tensor";
import { parseObject } from "../config/json-text.ts";

/** What llama.cpp must know of a base model, from its `config.json`. */
export interface GgufModel {
  /** Its `general.architecture`. */
  readonly architecture: string;
  /** Heads of queries and of keys, where their rows are kept in another order than in transformers. */
  readonly rotated: { readonly queries: number; readonly keys: number } | undefined;
}

const CONFIG = "config.json";

/** `model_type` of transformers → architecture of llama.cpp, for models with Llama's layer names. */
const ARCHITECTURES: ReadonlyMap<string, string> = new Map([
  ["llama", "llama"],
  ["mistral", "llama"],
  ["qwen2", "qwen2"],
  ["qwen3", "qwen3"],
  ["gemma", "gemma"],
  ["gemma2", "gemma2"],
  ["gemma3_text", "gemma3"],
]);

/** Of those, the one whose rotary embedding turns neighbouring rows, where transformers turns halves. */
const ROTATED = "llama";

/**
 * The base model as llama.cpp knows it.
 *
 * @throws LoraError MISSING without a base, or a base without its configuration; UNSUPPORTED for a model whose names in GGUF
 *   are not known; FORMAT when the configuration has no heads
 * @see llama.cpp convert_hf_to_gguf.py LlamaModel.permute
 */
export function ggufModel(base: Pick<TensorFile, "name" | "sidecars"> | undefined): GgufModel {
  const text = base?.sidecars.get(CONFIG);
  if (text === undefined) {
    throw new LoraError("MISSING", `names and row order of GGUF depend on the base model's ${CONFIG}`, {
      file: base?.name,
      advice: "give the folder of the base model with --base",
    });
  }
  const config = parseObject(text, CONFIG);
  const type = String(config["model_type"]);
  const architecture = ARCHITECTURES.get(type);
  if (architecture === undefined) {
    throw new LoraError("UNSUPPORTED", `the names of ${type} models in GGUF are not known here`, {
      sidecar: CONFIG,
      known: [...ARCHITECTURES.keys()],
      advice: "write PEFT, and convert that with llama.cpp's convert_lora_to_gguf.py",
    });
  }
  if (architecture !== ROTATED) return { architecture, rotated: undefined };
  const queries = headCount(config["num_attention_heads"]);
  return { architecture, rotated: { queries, keys: headCount(config["num_key_value_heads"] ?? queries) } };
}

function headCount(value: unknown): number {
  if (typeof value === "number" && Number.isInteger(value) && value > 0) return value;
  throw new LoraError("FORMAT", `the number of attention heads is ${JSON.stringify(value)}`, {
    sidecar: CONFIG,
  });
}

/**
 * For each row of a query or key in GGUF its row in transformers: within a head, row 2·j + t is row t·d/2 + j.
 *
 * @param heads of d rows each
 */
export function ggufRows(rows: number, heads: number): Int32Array {
  const d = rows / heads;
  return Int32Array.from({ length: rows }, (_, row) => {
    const [head, inside] = [Math.floor(row / d), row % d];
    return head * d + (inside % 2) * (d / 2) + Math.floor(inside / 2);
  });
}

/** The inverse: for each row in transformers its row in GGUF. */
export function libraryRows(rows: number, heads: number): Int32Array {
  const inverse = new Int32Array(rows);
  ggufRows(rows, heads).forEach((row, index) => (inverse[row] = index));
  return inverse;
}
