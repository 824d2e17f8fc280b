// Writes the generated files: `_index.ts` of every extension folder and the tables in documents.
// With --check it writes nothing and fails where a file is not as it would be written.
import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";

import { readArrows } from "../checks/arrow-table.ts";
import { root, workspacePackages } from "../workspace.ts";
import { packageTable } from "./package-table.ts";
import { registries } from "./registries.ts";
import { registryIndex } from "./registry-index.ts";
import { fillTables } from "./tables.ts";

const DOCUMENTS = ["*.md", "docs/**/*.md", "packages/*/README.md", "apps/*/README.md"];

/** Every generated file as it should be, by its path. */
function generated(): Map<string, string> {
  const files = new Map<string, string>();
  for (const registry of registries.filter(({ folder }) => existsSync(folder))) {
    files.set(`${registry.folder}/_index.ts`, registryIndex(registry.folder, registry));
  }
  const packages = (document: string): string => packageTable(workspacePackages(), readArrows(), document);
  for (const document of globSync(DOCUMENTS).sort()) {
    files.set(document, fillTables(document, readFileSync(document, "utf8"), { packages }));
  }
  return files;
}

function isCurrent(path: string, text: string): boolean {
  return existsSync(path) && readFileSync(path, "utf8") === text;
}

function main(check: boolean): number {
  const stale = [...generated()].filter(([path, text]) => !isCurrent(path, text));
  for (const [path, text] of stale) {
    if (!check) writeFileSync(path, text);
    process.stdout.write(`${check ? "not current" : "wrote"}: ${path}\n`);
  }
  if (check && stale.length > 0) process.stdout.write("Run `pnpm gen` and commit what it writes.\n");
  return check && stale.length > 0 ? 1 : 0;
}

process.chdir(root);
try {
  process.exitCode = main(process.argv.includes("--check"));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
