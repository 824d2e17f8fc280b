import { PEFT_COMBINATIONS } from "@lora/peft";
import { adapterPairs } from "./adapter-pairs.ts";
import type { CombinePlan } from "./combined-file.ts";
import { isPeftName } from "./recipe.ts";

/** What whoever combines should know. */
export function combineWarnings(plan: CombinePlan): string[] {
  const { weighted, recipe } = plan;
  const names = weighted.map(({ adapter }) => adapter.file.name);
  const own = weighted.flatMap(({ adapter }, index) =>
    adapter.warnings.map((warning) => `${names[index]}: ${warning}`),
  );
  const architectures = new Set(
    weighted.map(({ adapter }) => adapter.baseArchitecture).filter((each) => each !== "unknown"),
  );
  if (architectures.size > 1)
    own.push(`the adapters seem to be of different base models: ${[...architectures].join(", ")}`);
  for (const { a, b, modules } of adapterPairs(plan)) {
    if (modules === 0) own.push(`${names[a]} and ${names[b]} change no weight in common`);
  }
  if (recipe.compat === "peft" && isPeftName(recipe.method)) {
    const { onUpdates, merge } = PEFT_COMBINATIONS[recipe.method];
    if (!onUpdates && merge !== "stack" && weighted.length > 1) {
      own.push(
        "PEFT merges down and up factors apart here: the result has cross terms and is no sum of the updates",
      );
    }
    if (
      weighted.some(({ adapter }) =>
        /"use_rslora": *true/.test(adapter.file.sidecars.get("adapter_config.json") ?? ""),
      )
    ) {
      own.push(
        "PEFT would keep use_rslora at a scale of √r and be that much too strong; the factors are PEFT's, the scale here is 1",
      );
    }
  }
  return own;
}
