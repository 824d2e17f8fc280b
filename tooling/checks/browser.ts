// Fails where an entry of a published package that is not for Node cannot be bundled for browsers: it needs a module
// of Node.
import { join } from "node:path";

import { publishedPackages, root } from "../workspace.ts";
import { browserEntries } from "./browser-entries.ts";
import { nodeImports } from "./browser-bundle.ts";

process.chdir(root);
for (const { folder, manifest } of publishedPackages()) {
  for (const entry of browserEntries(manifest)) {
    const found = await nodeImports(join(root, folder, entry));
    for (const line of found) process.stdout.write(`${manifest.name} is not for browsers: ${line}\n`);
    if (found.length > 0) process.exitCode = 1;
  }
}
