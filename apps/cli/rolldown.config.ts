import { readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "rolldown";

// The toolkit's own packages go into the bundle, with what they depend on: it starts in a third of the time that
// their modules would take to be found and read one by one.
export default defineConfig({
  input: { lora: "src/lora.ts", worker: "src/worker.ts" },
  platform: "node",
  external: [/^commander$/, /^@bomb\.sh\/tab/, /^webgpu$/, /^@huggingface\/hub$/],
  resolve: { conditionNames: ["import", "node", "default"] },
  output: {
    dir: "dist",
    format: "esm",
    cleanDir: true,
    entryFileNames: "[name].js",
    // The packages are bundled from their `dist/index.js`, which makes no good name.
    chunkFileNames: ({ name }) => `${name.replace(/^dist/, "toolkit")}.js`,
    banner: ({ moduleIds }) => licences(moduleIds),
    comments: { jsdoc: false },
  },
});

/** The licences of what others wrote among the modules of a chunk, as a comment. */
function licences(moduleIds: readonly string[]): string {
  const folders = moduleIds.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? []);
  const texts = [...new Set(folders)].map((folder) => readFileSync(join(folder, "LICENSE"), "utf8").trim());
  return texts.map((text) => `/*! ${text} */`).join("\n");
}
