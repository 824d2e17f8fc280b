import { LoraError } from "@lora/tensor";
import { type Address, hubFile, hubList } from "../open/read-address.ts";

/** The address of a checkpoint, and of the config beside it. */
export interface ResolvedAddress {
  readonly url: string;
  readonly config: string | undefined;
}

/** In this order: adapters before models, safetensors before the rest. */
const USUAL = [
  /(^|\/)adapter_model\.safetensors$/u,
  /(^|\/)pytorch_lora_weights\.safetensors$/u,
  /\.safetensors$/u,
  /(^|\/)adapter_model\.bin$/u,
  /\.(gguf|bin|pt)$/u,
];

/**
 * Finds the checkpoint behind an address: of a repository of the hub without a path, the one with a usual name.
 *
 * @throws LoraError MISSING when the repository holds none; USAGE when it holds several; IO when the hub does not answer
 */
export async function resolveAddress(
  address: Address,
  signal: AbortSignal | undefined,
): Promise<ResolvedAddress> {
  if (address.kind === "url") return { url: address.url, config: undefined };
  const { repository, revision } = address;
  const names = await hubNames(repository, revision, signal);
  const path = address.path ?? chooseName(names, repository);
  const config = path.replace(/[^/]*$/u, "adapter_config.json");
  const at = (name: string): string => hubFile(repository, revision, name);
  return { url: at(path), config: names.includes(config) ? at(config) : undefined };
}

function chooseName(names: readonly string[], repository: string): string {
  const groups = USUAL.map((pattern) => names.filter((name) => pattern.test(name)));
  const candidates = groups.find((group) => group.length > 0) ?? [];
  if (candidates.length === 1) return candidates[0]!;
  const facts = { file: repository, candidates: candidates.slice(0, 8) };
  if (candidates.length === 0) {
    throw new LoraError("MISSING", "the repository holds no checkpoint", {
      ...facts,
      advice: "name another one",
    });
  }
  throw new LoraError("USAGE", `the repository holds ${candidates.length} checkpoints`, {
    ...facts,
    advice: `name one of them, as in ${repository}/${candidates[0]}`,
  });
}

async function hubNames(
  repository: string,
  revision: string,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const text = await fetchText(hubList(repository, revision), repository, signal);
  const { siblings = [] } = JSON.parse(text) as { siblings?: { rfilename: string }[] };
  return siblings.map(({ rfilename }) => rfilename);
}

/**
 * A small text behind an address.
 *
 * @throws LoraError IO when it cannot be had
 */
export async function fetchText(url: string, name: string, signal: AbortSignal | undefined): Promise<string> {
  const response = await fetch(url, signal === undefined ? {} : { signal }).catch((cause: unknown) => {
    throw new LoraError("IO", "the hub cannot be reached", {
      file: name,
      advice: "check the connection",
      cause,
    });
  });
  if (response.ok) return response.text();
  throw new LoraError("IO", `the hub answered ${response.status}`, {
    file: name,
    advice: "check the name; private repositories have to be downloaded by hand",
  });
}
