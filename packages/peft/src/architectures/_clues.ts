import type { Component } from "../adapter.ts";
import type { Clues } from "./_architecture.ts";

/** Metadata keys in which trainers name the base model. */
const BASE_KEYS = ["ss_base_model_version", "modelspec.architecture"];

/** Whether a trainer noted a base model whose name begins with one of these. */
export function namesBase({ metadata }: Clues, beginnings: readonly string[]): boolean {
  const said = BASE_KEYS.map((key) => metadata.get(key)?.toLowerCase() ?? "");
  return said.some((base) => beginnings.some((beginning) => base.startsWith(beginning)));
}

/** Whether any module of these components has a path that fits. */
export function somePath({ modules }: Clues, components: readonly Component[], pattern: RegExp): boolean {
  return modules.some(({ component, path }) => components.includes(component) && pattern.test(path));
}

/** The input width of the first module whose path fits. */
export function inputWidth(
  { modules }: Clues,
  components: readonly Component[],
  pattern: RegExp,
): number | undefined {
  const found = modules.find(({ component, path }) => components.includes(component) && pattern.test(path));
  return found?.shape[1];
}

/** Whether there are modules of a component, and none of another that it excludes. */
export function onlyComponents({ modules }: Clues, components: readonly Component[]): boolean {
  return modules.length > 0 && modules.every(({ component }) => components.includes(component));
}
