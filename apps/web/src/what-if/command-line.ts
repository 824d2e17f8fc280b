import type { Settings } from "./settings.ts";

/** Names of the files that a command speaks of. */
export interface CommandFiles {
  readonly file: string;
  /** Where the rule reads one. */
  readonly base: string | undefined;
}

/** The same on a command line. */
export function commandLine({ rule, dtype, ...values }: Settings, { file, base }: CommandFiles): string {
  const words = [
    "lora",
    "resize",
    quoted(file),
    "-o",
    quoted(file.replace(/(\.[^./]*)?$/u, "-resized.safetensors")),
  ];
  words.push(`--${rule}`, quoted(String(values[rule])));
  if (dtype !== "") words.push("--dtype", dtype);
  if (base !== undefined) words.push("--base", quoted(base));
  return words.join(" ");
}

/** As a shell takes it for one word; a name that begins with a hyphen would be an option. */
function quoted(word: string): string {
  const named = word.startsWith("-") ? `./${word}` : word;
  return /^[\w./:=,+@-]+$/u.test(named) ? named : `'${named.replaceAll("'", `'\\''`)}'`;
}
