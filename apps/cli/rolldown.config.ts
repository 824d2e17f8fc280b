import { defineConfig } from "rolldown";

// The toolkit's own packages go into the bundle: one start, few files to open, nothing of ours to install.
// What has another author stays a dependency.
export default defineConfig({
  input: { lora: "src/lora.ts", worker: "src/worker.ts" },
  platform: "node",
  external: [/^commander$/, /^@bomb\.sh\/tab/],
  resolve: { conditionNames: ["import", "node", "default"] },
  output: {
    dir: "dist",
    format: "esm",
    cleanDir: true,
    entryFileNames: "[name].js",
    chunkFileNames: "[name].js",
    sourcemap: false,
  },
});
