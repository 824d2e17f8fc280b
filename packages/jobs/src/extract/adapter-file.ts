import { factorTensor } from "@lora/peft";
import { type LazyTensor, type Shape, tensorFile, type TensorFile } from "@lora/tensor";
import type { ExtractedWeight } from "./extract.ts";
import type { RestTensor } from "./rest-tensors.ts";

const PREFIX = "base_model.model.";
const EMBEDDING =
  /(?:^|\.)(?:embed_tokens|wte|wpe|word_embeddings|embed_in|token_embedding|position_embedding)\.weight$/u;
/** GPT-2's layers keep in × out. */
const TURNED = /\.(?:c_attn|c_proj|c_fc)\.weight$/u;

/** What an adapter file is made of. */
export interface AdapterParts {
  readonly weights: readonly ExtractedWeight[];
  readonly kept: readonly RestTensor[];
  readonly tuned: TensorFile;
  /** What the metadata says of its origin. */
  readonly made: readonly [key: string, value: string];
}

type Named = readonly [name: string, tensor: LazyTensor];

/** The factors as PEFT names and configures them; alpha is the rank everywhere, so that no factor is scaled. */
export function adapterFile({ weights, kept, tuned, made }: AdapterParts): TensorFile {
  const isTurned = isGpt2(tuned);
  const tensors = weights.flatMap((weight) => namedFactors(weight, isTurned));
  const whole = kept.map(({ name, tensor }) => [`${PREFIX}${name}`, tensor] as const);
  return tensorFile({
    name: "extracted",
    tensors: [...tensors, ...whole],
    metadata: [["format", "pt"], made],
    sidecars: [["adapter_config.json", configText({ weights, kept, isTurned })]],
  });
}

function namedFactors({ name, tensor, dtype, factors }: ExtractedWeight, isTurned: boolean): Named[] {
  const path = `${PREFIX}${modulePath(name)}`;
  const { left, right, rank } = factors;
  const [rows = 0, ...inner] = tensor.shape;
  const factor = (ending: string, shape: Shape, bytes: () => Uint8Array): Named => [
    `${path}.${ending}`,
    factorTensor(`${path}.${ending}`, { dtype, shape }, async () => bytes()),
  ];
  const isEmbedding = EMBEDDING.test(name);
  if (isEmbedding || (isTurned && TURNED.test(name))) {
    const size = dtype === "f32" ? 4 : 2;
    const [down, up] = isEmbedding
      ? ["lora_embedding_A", "lora_embedding_B"]
      : ["lora_A.weight", "lora_B.weight"];
    return [
      factor(down, [rank, rows], () => turned(left!, [rows, rank], size)),
      factor(up, [inner[0]!, rank], () => turned(right!, [rank, inner[0]!], size)),
    ];
  }
  const kernel = inner.slice(1).map(() => 1);
  return [
    factor("lora_A.weight", [rank, ...inner], () => right!),
    factor("lora_B.weight", [rows, rank, ...kernel], () => left!),
  ];
}

/** The stored values of a matrix, turned. */
function turned(bytes: Uint8Array, [rows, cols]: readonly [number, number], size: number): Uint8Array {
  const out = new Uint8Array(bytes.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) {
      const from = (i * cols + j) * size;
      out.set(bytes.subarray(from, from + size), (j * rows + i) * size);
    }
  }
  return out;
}

function configText({
  weights,
  kept,
  isTurned,
}: Pick<AdapterParts, "weights" | "kept"> & { readonly isTurned: boolean }): string {
  const ranks = weights.map(({ factors }) => factors.rank);
  const rank = Math.max(1, ...ranks);
  const others = weights.filter(({ factors }) => factors.rank !== rank);
  const pattern = Object.fromEntries(
    others.map(({ name, factors }) => [`^${escaped(modulePath(name))}$`, factors.rank]),
  );
  const saved = [...new Set(kept.map(({ name }) => modulePath(name).split(".").at(-1)!))].sort();
  const config = {
    peft_type: "LORA",
    task_type: null,
    base_model_name_or_path: null,
    r: rank,
    lora_alpha: rank,
    rank_pattern: pattern,
    alpha_pattern: pattern,
    target_modules: weights.map(({ name }) => modulePath(name)).sort(),
    modules_to_save: saved.length === 0 ? null : saved,
    fan_in_fan_out: isTurned,
    lora_dropout: 0,
    bias: "none",
    inference_mode: true,
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

function escaped(path: string): string {
  return path.replaceAll(".", "\\.");
}

function modulePath(name: string): string {
  return name.replace(/\.(?:weight|bias)$/u, "");
}

function isGpt2({ sidecars, tensors }: TensorFile): boolean {
  const config = sidecars.get("config.json");
  return (
    (config !== undefined && /"model_type":\s*"gpt2"/u.test(config)) ||
    [...tensors.keys()].some((name) => /(?:^|\.)h\.0\.attn\.c_attn\.weight$/u.test(name))
  );
}
