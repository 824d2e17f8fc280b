// Fails where the main entry of a published package cannot be bundled for browsers: it needs a module of Node.
import { join } from "node:path";

import { publishedPackages, root } from "../workspace.ts";
import { nodeImports } from "./browser-bundle.ts";

process.chdir(root);
const entries = publishedPackages().filter(({ manifest }) => manifest.exports?.["."] !== undefined);
for (const { folder, manifest } of entries) {
  const found = await nodeImports(join(root, folder, "dist/index.js"));
  for (const line of found) process.stdout.write(`${manifest.name} is not for browsers: ${line}\n`);
  if (found.length > 0) process.exitCode = 1;
}
