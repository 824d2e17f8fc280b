import type { LoraError } from "@lora/tensor";
import { printable } from "../terminal/printable.ts";
import type { Terminal } from "../terminal/terminal.ts";

const INDENT = " ".repeat(10);

/**
 * An error as it is printed: code and rule, then where, then what to do.
 *
 * ```
 * FORMAT  the header claims 255 bytes, the file holds 100
 *           file: my-style.safetensors
 *           try: check that this is a .safetensors file and was downloaded whole
 * ```
 *
 * @param verbose all facts, not only the file and what it holds, tensor and module
 */
export function errorLines(error: LoraError, terminal: Terminal, verbose: boolean): string[] {
  const { file, format, stored, tensor, module, ...others } = error.facts;
  const places = Object.entries({
    file,
    format,
    stored,
    tensor,
    module,
    ...(verbose ? others : {}),
  }).filter(([, fact]) => fact !== undefined);
  return [
    `${terminal.style("bad", error.code)}  ${printable(error.message)}`,
    ...places.map(([name, fact]) => `${INDENT}${terminal.style("label", `${name}:`)} ${factText(fact)}`),
    ...(error.advice === undefined
      ? []
      : [`${INDENT}${terminal.style("label", "try:")} ${printable(error.advice)}`]),
  ];
}

function factText(fact: unknown): string {
  return printable(typeof fact === "string" ? fact : (JSON.stringify(fact) ?? String(fact)));
}
