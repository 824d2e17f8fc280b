import type { Adapter } from "@lora/peft";
import type { ComparedPair } from "./compare-report.ts";

/** What whoever compares should know. */
export function compareWarnings(adapters: readonly Adapter[], pairs: readonly ComparedPair[]): string[] {
  const names = adapters.map(({ file }) => file.name);
  const own = adapters.flatMap(({ warnings }, index) => warnings.map((text) => `${names[index]}: ${text}`));
  const outside = adapters.flatMap(({ extras: [first, ...more] }, index) =>
    first === undefined
      ? []
      : [
          `${names[index]}: outside modules, and not compared: ${first.name} (${first.why})${more.length === 0 ? "" : ` and ${more.length} more`}`,
        ],
  );
  const foreign = pairs
    .filter(({ modules }) => modules.length === 0)
    .map(
      ({ a, b }) =>
        `${names[a]} and ${names[b]} change no weight in common: they are for other base models, or one has names that no table knows`,
    );
  return [...own, ...outside, ...foreign];
}
