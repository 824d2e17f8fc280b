import { dirname, relative } from "node:path/posix";

import type { Arrows } from "../checks/arrow-table.ts";
import type { WorkspacePackage } from "../workspace.ts";
import { markdownTable } from "./tables.ts";

/**
 * What each package is and may import, lowest first.
 *
 * @param document where the table stands, for its links
 */
export function packageTable(
  packages: readonly WorkspacePackage[],
  arrows: Arrows,
  document: string,
): string {
  const byName = new Map(packages.map((one) => [one.manifest.name, one]));
  const rows = Object.entries(arrows.imports).flatMap(([name, mayImport]) => {
    const one = byName.get(name);
    if (one === undefined) return [];
    const link = `[\`${name}\`](${relative(dirname(document), one.folder)})`;
    const others = mayImport.filter((other) => byName.has(other)).map((other) => other.replace("@lora/", ""));
    return [[link, one.manifest.description ?? "", others.join(", ") || "–"]];
  });
  return markdownTable(["package", "what it is", "may import"], rows);
}
