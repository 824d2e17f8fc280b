import { LoraError } from "@lora/tensor";

/**
 * Adds one `name=value` to those read before it.
 *
 * @throws LoraError USAGE when it has no name or no `=`
 */
export function namedValues(
  text: string,
  before: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const at = text.indexOf("=");
  if (at > 0) return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
  throw new LoraError("USAGE", `--set takes name=value, not "${text}"`, {
    advice: "write it without spaces, e.g. --set iterations=16",
  });
}
