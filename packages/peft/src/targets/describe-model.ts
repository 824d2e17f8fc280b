import type { Shape } from "@lora/tensor";
import { byCodePoint } from "../config/python-json.ts";
import type {
  ModelDescription,
  ModuleDescription,
  ModuleKind,
  ParameterDescription,
} from "./model-description.ts";

/** What names and shapes do not tell of a model. */
export interface DescribeOptions extends Omit<ModelDescription, "modules"> {
  /** The kind of a module, where it is not what its weight looks like; undefined leaves that. */
  readonly kindOf?: (name: string) => ModuleKind | undefined;
}

/** Model types of transformers whose linear layers store in × out. */
const TRANSPOSED_MODELS = new Set(["gpt2", "openai-gpt", "imagegpt", "decision_transformer", "gpt-sw3"]);
const TRANSPOSED = /(?:^|\.)(?:c_attn|c_proj|c_fc|q_attn)$/;
const EMBEDDING =
  /(?:^|\.)(?:embed_tokens|embed_positions|embed_in|wte|wpe|shared|tok_embeddings|relative_attention_bias|embeddings?|\w+_embeddings?|embedding_\w+)$/;
const INPUT = /(?:^|\.)(?:embed_tokens|wte|word_embeddings|embed_in|tok_embeddings|shared)$/;
const OUTPUT = /^(?:lm_head|embed_out|output_projection)$/;
const CONVOLUTIONS: readonly (ModuleKind | undefined)[] = [
  undefined,
  undefined,
  undefined,
  "conv1d",
  "conv2d",
  "conv3d",
];

/**
 * A model as its weights tell it. Modules without weights are not in files, and need not be: nothing targets them.
 * What a matrix is for is told by its name: embeddings have known ones, anything else is linear.
 *
 * @param weights shapes by the names that the file has
 */
export function describeModel(
  weights: Iterable<readonly [name: string, tensor: { readonly shape: Shape }]>,
  options: DescribeOptions = {},
): ModelDescription {
  const { kindOf, ...known } = options;
  const parameters = new Map<string, ParameterDescription[]>([["", []]]);
  for (const [name, { shape }] of weights) {
    const at = name.lastIndexOf(".");
    const path = name.slice(0, Math.max(0, at));
    for (const parent of withParents(path)) if (!parameters.has(parent)) parameters.set(parent, []);
    parameters.get(path)!.push({ name: name.slice(at + 1), shape });
  }
  const modules = inOrder([...parameters.keys()]).map((name): ModuleDescription => {
    const own = parameters.get(name)!;
    return { name, kind: kindOf?.(name) ?? guessedKind(name, own, known.modelType), parameters: own };
  });
  return { ...guessedEmbeddings(modules), ...known, modules };
}

function guessedKind(
  name: string,
  parameters: readonly ParameterDescription[],
  modelType?: string,
): ModuleKind {
  if (parameters.some((parameter) => parameter.name === "in_proj_weight")) return "attention";
  const shape = parameters.find((parameter) => parameter.name === "weight")?.shape;
  if (shape === undefined || shape.length < 2) return "other";
  if (shape.length > 2) return CONVOLUTIONS[shape.length] ?? "other";
  if (EMBEDDING.test(name)) return "embedding";
  const isTransposed = TRANSPOSED_MODELS.has(modelType ?? "") && TRANSPOSED.test(name);
  return isTransposed ? "transposed-linear" : "linear";
}

function guessedEmbeddings(modules: readonly ModuleDescription[]): Partial<ModelDescription> {
  const input = modules.find(({ name, kind }) => kind === "embedding" && INPUT.test(name))?.name;
  const output = modules.find(({ name }) => OUTPUT.test(name))?.name;
  return {
    ...(input === undefined ? {} : { inputEmbedding: input }),
    ...(output === undefined ? {} : { outputEmbedding: output }),
  };
}

/** `a.b` → ``, `a`, `a.b` */
function withParents(path: string): string[] {
  if (path === "") return [""];
  const parts = path.split(".");
  return ["", ...parts.map((_, index) => parts.slice(0, index + 1).join("."))];
}

/** Parents before children, siblings in the order of the file, numbers among them by size. */
function inOrder(names: readonly string[]): string[] {
  const rank = new Map(names.map((name, index) => [name, index]));
  const children = new Map<string, string[]>();
  for (const name of names) {
    if (name === "") continue;
    const parent = name.slice(0, Math.max(0, name.lastIndexOf(".")));
    children.set(parent, [...(children.get(parent) ?? []), name]);
  }
  const walk = (name: string): string[] => {
    const below = children.get(name) ?? [];
    const areNumbered = below.every((child) => /(?:^|\.)\d+$/.test(child));
    const ordered = areNumbered
      ? below.sort((a, b) => Number(a.split(".").at(-1)) - Number(b.split(".").at(-1)) || byCodePoint(a, b))
      : below.sort((a, b) => rank.get(a)! - rank.get(b)!);
    return [name, ...ordered.flatMap(walk)];
  };
  return walk("");
}
