import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { transformSync } from "rolldown/utils";

import { root } from "../workspace.ts";
import type { Finished } from "./command.ts";
import { runCommand } from "./command.ts";
import { machineNode } from "./machine-node.ts";

/** The first block of TypeScript or JavaScript in a document. */
export function firstExample(markdown: string): string | undefined {
  return /^```(?:ts|js)\n(.*?)^```$/msu.exec(markdown)?.[1];
}

/**
 * Runs the first example in a package's README on the machine's Node.
 *
 * @param folder the package, relative to the root
 * @param cwd from where its imports resolve
 */
export function runExample(folder: string, cwd: string): Promise<Finished> {
  const readme = join(root, folder, "README.md");
  const example = existsSync(readme) ? firstExample(readFileSync(readme, "utf8")) : undefined;
  if (example === undefined) {
    return Promise.resolve({ ok: false, output: `${folder}/README.md has no block of ts or js.\n` });
  }
  const { code } = transformSync("example.ts", example);
  return runCommand([machineNode, "--input-type=module", "-"], { cwd, input: code });
}
