import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

/** Writes `sw.js`, a service worker that keeps every file of the build. */
export function precache(): Plugin {
  let publicFolder = "";
  return {
    name: "precache",
    apply: "build",
    configResolved({ publicDir }) {
      publicFolder = publicDir;
    },
    generateBundle(_, bundle) {
      const hash = createHash("sha256");
      const files = ["./", ...Object.keys(bundle), ...readdirSync(publicFolder)].filter(
        (name) => name !== "index.html",
      );
      for (const output of Object.values(bundle))
        hash.update(output.type === "chunk" ? output.code : output.source);
      for (const name of readdirSync(publicFolder)) hash.update(readFileSync(join(publicFolder, name)));
      const template = readFileSync(join(import.meta.dirname, "service-worker.js"), "utf8");
      const source = template
        .replace("__FILES__", JSON.stringify(files.sort()))
        .replace("__CACHE__", `lora-${hash.digest("hex").slice(0, 12)}`);
      this.emitFile({ type: "asset", fileName: "sw.js", source });
    },
  };
}
