import type { Adapter } from "@lora/peft";
import type { TensorFile } from "@lora/tensor";
import { targetName } from "../kept-whole.ts";

const CONFIG = "config.json";
const OUTPUT = "lm_head.weight";
const EMBEDDING = /(?:^|\.)(?:embed_tokens|wte|word_embeddings|embed_in)\.weight$/u;

/** A base, and whether its output layer got a tensor of its own. */
export interface UntiedBase {
  readonly base: TensorFile;
  readonly untied: boolean;
}

/**
 * Where a model uses its embedding as its output layer too and an adapter changes one of them, the output layer gets a tensor
 * of its own and the configuration says so, as PEFT 0.20 and later do with embeddings that came apart: else merging would change
 * both, and the model would not be the base with its adapter.
 */
export function untieOutput(base: TensorFile, adapters: readonly Adapter[]): UntiedBase {
  const text = base.sidecars.get(CONFIG);
  const config = text === undefined ? undefined : parsed(text);
  const embedding = [...base.tensors.keys()].find((name) => EMBEDDING.test(name));
  if (config === undefined || embedding === undefined || !isTied(config, base))
    return { base, untied: false };
  const ends = [OUTPUT, embedding].map((name) => name.replace(/\.weight$/u, ""));
  const isChanged = adapters.some(({ modules, extras }) =>
    [
      ...modules.map(({ path }) => path),
      ...extras.map(({ name }) => targetName(name).replace(/\.weight$/u, "")),
    ].some((path) =>
      ends.some((end) => path === end || path.endsWith(`.${end}`) || end.endsWith(`.${path}`)),
    ),
  );
  if (!isChanged) return { base, untied: false };
  const tensors = [...base.tensors].flatMap(([name, tensor]) =>
    name === embedding ? [[name, tensor] as const, [OUTPUT, tensor] as const] : [[name, tensor] as const],
  );
  const shard = base.shards?.get(embedding);
  const untiedConfig = `${JSON.stringify({ ...config, tie_word_embeddings: false }, null, 2)}\n`;
  return {
    untied: true,
    base: {
      ...base,
      tensors: new Map(tensors),
      sidecars: new Map(base.sidecars).set(CONFIG, untiedConfig),
      ...(base.shards === undefined || shard === undefined
        ? {}
        : { shards: new Map(base.shards).set(OUTPUT, shard) }),
    },
  };
}

/** The field, or where it is left out, that a language model has no output layer in its file. */
function isTied(config: Readonly<Record<string, unknown>>, base: TensorFile): boolean {
  if ([...base.tensors.keys()].some((name) => name === OUTPUT || name.endsWith(`.${OUTPUT}`))) return false;
  const { tie_word_embeddings: tied, architectures } = config;
  if (typeof tied === "boolean") return tied;
  return Array.isArray(architectures) && architectures.some((name) => String(name).endsWith("ForCausalLM"));
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
