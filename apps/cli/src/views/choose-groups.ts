import { LoraError } from "@lora/tensor";
import { type Groupable, groupModules, type ModuleGroup, singleGroups } from "./module-groups.ts";

/** A module with the name its file gives it. */
export interface Named extends Groupable {
  readonly name: string;
}

/** More modules than this are shown by group, unless asked for. */
const MOST_ROWS = 40;

/**
 * The rows of a table of modules: each one where there are few, by group where there are many, each one for
 * `all`, and those whose name or path fits for a glob (`*` any text, `?` one character).
 *
 * @throws LoraError USAGE when no module fits the glob
 */
export function chooseGroups<Module extends Named>(
  modules: readonly Module[],
  wanted: string | undefined,
): ModuleGroup<Module>[] {
  if (wanted === undefined) return modules.length > MOST_ROWS ? groupModules(modules) : singleGroups(modules);
  if (wanted === "all") return singleGroups(modules);
  const fits = globExpression(wanted);
  const chosen = modules.filter(({ name, path }) => fits.test(name) || fits.test(path));
  if (chosen.length === 0) {
    throw new LoraError("USAGE", `no module fits --modules ${wanted}`, {
      modules: modules.length,
      advice: `quote the pattern; a name here is ${modules[0]?.name ?? "none"}, so try "*${lastWord(modules[0]?.path)}*"`,
    });
  }
  return singleGroups(chosen);
}

function globExpression(glob: string): RegExp {
  const escaped = glob.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`, "u");
}

function lastWord(path: string = ""): string {
  return path.split(/[._]/).at(-1) ?? "";
}
