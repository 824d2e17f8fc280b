import { isBuiltin } from "node:module";
import { relative } from "node:path";
import { rolldown } from "rolldown";

/**
 * The modules of Node that a browser bundle of an entry would need, as `importer imports module`.
 *
 * @throws Error when the entry does not bundle
 */
export async function nodeImports(entry: string): Promise<string[]> {
  const found: string[] = [];
  const bundle = await rolldown({
    input: entry,
    platform: "browser",
    logLevel: "silent",
    plugins: [
      {
        name: "record the modules of Node",
        resolveId(specifier, importer = entry) {
          if (!isBuiltin(specifier)) return null;
          found.push(`${relative(process.cwd(), importer)} imports ${specifier}`);
          return { id: specifier, external: true };
        },
      },
    ],
  });
  await bundle.generate();
  await bundle.close();
  return found;
}
