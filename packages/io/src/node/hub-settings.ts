import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** The environment of a process, or what stands for it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What the variables of the Hugging Face libraries say. */
export interface HubSettings {
  readonly endpoint: string | undefined;
  /** The folder of `models--owner--name` folders. */
  readonly cache: string;
  /** Nothing is to be asked of the network. */
  readonly offline: boolean;
  /** The token of the user, from the environment or the file that `hf auth login` writes. */
  token(): Promise<string | undefined>;
}

/**
 * Reads `HF_ENDPOINT`, `HF_HUB_CACHE`, `HF_HOME`, `XDG_CACHE_HOME`, `HF_HUB_OFFLINE`, `HF_TOKEN`, `HF_TOKEN_PATH` and
 * `HF_HUB_DISABLE_IMPLICIT_TOKEN`, and their older names, as `huggingface_hub` does (constants.py).
 *
 * @param home the home folder of the user
 */
export function hubSettings(env: Environment, home: string): HubSettings {
  const set = (...names: string[]): string | undefined =>
    names.map((name) => env[name]).find((value) => value !== undefined && value.trim() !== "");
  const isOn = (...names: string[]): boolean => /^(1|on|yes|true)$/iu.test(set(...names) ?? "");
  const folder = set("HF_HOME") ?? join(set("XDG_CACHE_HOME") ?? join(home, ".cache"), "huggingface");
  const expanded = (path: string): string => path.replace(/^~(?=\/|$)/u, home);
  return {
    endpoint: set("HF_ENDPOINT"),
    cache: expanded(set("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE") ?? join(folder, "hub")),
    offline: isOn("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"),
    async token() {
      if (isOn("HF_HUB_DISABLE_IMPLICIT_TOKEN")) return undefined;
      const path = expanded(set("HF_TOKEN_PATH") ?? join(folder, "token"));
      const token =
        set("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN") ?? (await readFile(path, "utf8").catch(() => ""));
      return token.replaceAll(/[\r\n]/gu, "").trim() || undefined;
    },
  };
}
