import type { Manifest } from "../workspace.ts";

/** The built files of a package that browsers may load: what it exports, without what is under `./node`. */
export function browserEntries({ exports = {} }: Manifest): string[] {
  return Object.entries(exports).flatMap(([path, target]) => {
    if (path.startsWith("./node") || typeof target !== "object" || target === null) return [];
    return "default" in target && typeof target.default === "string" ? [target.default] : [];
  });
}
