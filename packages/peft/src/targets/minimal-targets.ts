import { LoraError } from "@lora/tensor";
import { byCodePoint } from "../config/python-json.ts";

/**
 * Few ends of names that tell the targets from all other modules: hundreds of names become `q_proj`, `v_proj`.
 *
 * @param others names of modules that are no targets
 * @returns ends, sorted
 * @throws LoraError USAGE when there are no targets, one is empty, or one is also among the others
 * @see peft/tuners/tuners_utils.py _find_minimal_target_modules
 */
export function minimalTargets(targets: readonly string[], others: Iterable<string>): readonly string[] {
  const otherNames = new Set(others);
  demandTargets(targets, otherNames);
  const otherEnds = new Set([...otherNames].flatMap(endsOf));
  const required = new Set<string>();
  const items = [...new Set(targets)].map(endsOf).sort(byEnds);
  for (const ends of items) {
    const name = ends.at(-1)!;
    const isCovered = [...required].some((end) => name.endsWith(`.${end}`));
    if (isCovered) continue;
    const end = ends.find((candidate) => !required.has(candidate) && !otherEnds.has(candidate));
    if (end !== undefined) required.add(end);
  }
  return [...(required.size === 0 ? new Set(targets) : required)].sort(byCodePoint);
}

function demandTargets(targets: readonly string[], others: ReadonlySet<string>): void {
  if (targets.length === 0)
    throw new LoraError("USAGE", "there are no targets to find the ends of", { targets });
  if (targets.includes("")) {
    throw new LoraError("USAGE", "a target has no name", { targets, advice: "leave the empty text out" });
  }
  const both = targets.filter((target) => others.has(target));
  if (both.length === 0) return;
  throw new LoraError("USAGE", `${both.join(", ")} cannot be a target and another module`, { both });
}

/** `a.b.c` → `c`, `b.c`, `a.b.c` */
function endsOf(name: string): string[] {
  const parts = name.split(".");
  return parts.map((_, index) => parts.slice(parts.length - 1 - index).join("."));
}

/** As Python orders lists: by the first entry that differs, then by length. */
function byEnds(a: readonly string[], b: readonly string[]): number {
  const at = a.findIndex((end, index) => end !== b[index]);
  if (at === -1) return a.length - b.length;
  return b[at] === undefined ? 1 : byCodePoint(a[at]!, b[at]);
}
