import type { MetadataFact } from "@lora/jobs";

/** The settings of an adapter's configuration; those that are null or empty are left out. */
export function configFacts(config: unknown): MetadataFact[] {
  return Object.entries((config ?? {}) as Record<string, unknown>).flatMap(([key, value]) => {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    return ["", "null", "{}", "[]"].includes(text)
      ? []
      : [{ key, label: key, text: text.replaceAll('","', '", "') }];
  });
}
