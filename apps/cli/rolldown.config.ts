import { readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig, type Plugin } from "rolldown";
import { main } from "./src/main.ts";
import { HELP_COLUMNS, READY_HELP } from "./src/ready-help.ts";

// The toolkit's own packages go into the bundle, with what they depend on: it starts in a third of the time that
// their modules would take to be found and read one by one.
export default defineConfig({
  input: { lora: "src/lora.ts", worker: "src/worker.ts" },
  platform: "node",
  external: [/^commander$/, /^@bomb\.sh\/tab/, /^webgpu$/, /^@huggingface\/hub$/],
  plugins: [readyHelp()],
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

/** Writes what `lora --help` prints beside the program, which shows it from there. */
function readyHelp(): Plugin {
  return {
    name: "ready-help",
    async generateBundle() {
      this.emitFile({ type: "asset", fileName: READY_HELP, source: await helpText() });
    },
  };
}

async function helpText(): Promise<string> {
  const shown: string[] = [];
  const stdout = { write: (text: string) => shown.push(text), columns: HELP_COLUMNS };
  const { signal } = new AbortController();
  await main(["--help"], { stdout, stderr: stdout, env: {}, cores: 1, signal, now: () => 0 });
  return shown.join("");
}
