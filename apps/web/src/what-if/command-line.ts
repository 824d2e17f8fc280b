import type { Settings } from "./settings.ts";

/** Names of the files that a command speaks of. */
export interface CommandFiles {
  /** A path, an address, or a folder: what has no ending of a checkpoint. */
  readonly file: string;
  /** Where the rule reads one. */
  readonly base: string | undefined;
}

/** The same on a command line. */
export function commandLine({ rule, dtype, ...values }: Settings, { file, base }: CommandFiles): string {
  const words = ["lora", "resize", quoted(file), "-o", quoted(outputOf(file))];
  words.push(`--${rule}`, quoted(String(values[rule])));
  if (dtype !== "") words.push("--dtype", dtype);
  if (base !== undefined) words.push("--base", quoted(base));
  return words.join(" ");
}

/** Beside where the command runs: what lies behind an address cannot be written there. */
function outputOf(file: string): string {
  const name = file.split(/[?#]/u, 1)[0]!.split("/").at(-1)!;
  const stem = name.replace(/\.(safetensors|gguf|bin|pt|pth|ckpt|npz|npy)$/iu, "");
  return stem === name ? `${name}-resized` : `${stem}-resized.safetensors`;
}

/** As a shell takes it for one word; a name that begins with a hyphen would be an option. */
function quoted(word: string): string {
  const named = word.startsWith("-") ? `./${word}` : word;
  return /^[\w./:=,+@-]+$/u.test(named) ? named : `'${named.replaceAll("'", `'\\''`)}'`;
}
