import { LoraError } from "@lora/tensor";

/**
 * `key=value` added to those given before; only the first = parts them.
 *
 * @throws LoraError USAGE when there is no key, or no =
 */
export function keyValue(
  text: string,
  before: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const at = text.indexOf("=");
  if (at > 0) return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
  throw new LoraError("USAGE", `"${text}" is no key=value`, {
    advice: 'e.g. --set modelspec.title="My style"',
  });
}
