import { type Adapter, type AdapterModule, type BasePairing, type ExtraTensor, kindById } from "@lora/peft";
import { LoraError } from "@lora/tensor";

/**
 * The adapter with those modules alone whose updates are in its file, or whose weights are there. What others change is a function of their weights: they
 * are carried as they are, and a warning says so.
 *
 * @throws LoraError MISSING when there are no others
 */
export function readableModules(adapter: Adapter, pairing?: Pick<BasePairing, "pairs">): Adapter {
  const carried = adapter.modules.filter((module) => isFromBase(module) && !pairing?.pairs.has(module.name));
  const [first] = carried;
  if (first === undefined) return adapter;
  const { title } = kindById(first.kind);
  if (carried.length === adapter.modules.length) {
    throw new LoraError("MISSING", `what this adapter changes (${title}) depends on the weights it changes`, {
      file: adapter.file.name,
      module: first.name,
      advice:
        "needs --base: merge it into its base, or convert it to a plain LoRA with the base, and go on with that",
    });
  }
  const count = carried.length === 1 ? "1 module is" : `${carried.length} modules are`;
  return {
    ...adapter,
    modules: adapter.modules.filter((module) => !carried.includes(module)),
    extras: [...adapter.extras, ...carried.flatMap(tensorsOf)],
    warnings: [
      ...adapter.warnings,
      `${count} ${title}, which depends on the weight it changes: carried unchanged`,
    ],
  };
}

/** Whether the update of a module is a function of its weight. */
export function isFromBase({ kind }: AdapterModule): boolean {
  return kindById(kind).needsBase === true;
}

function tensorsOf({ kind, parts }: AdapterModule): ExtraTensor[] {
  return [...parts.values()].map((part) => ({ ...part, why: `${kindById(kind).title}: needs the base` }));
}
