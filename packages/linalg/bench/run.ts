// Numbers for docs/performance.md. Run: pnpm bench [products|vectors|factorisations|norms|peers|revectorized]
// With LORA_PEERS_PYTHON naming a Python that has torch, the same on it, right after.
import { spawnSync } from "node:child_process";
import { cpus } from "node:os";
import { join } from "node:path";
import { benchFactorisations } from "./factorisations.ts";
import { benchNorms } from "./norms.ts";
import { benchPeers } from "./peers.ts";
import { benchProducts, benchVectors } from "./products.ts";

const parts = {
  products: () => benchProducts([256, 512, 1024, 2048]),
  vectors: () => benchVectors([1280, 4096]),
  factorisations: benchFactorisations,
  norms: () => benchNorms([1280, 4096], process.env["LORA_PEERS_PYTHON"]),
  peers: () => benchPeers([512, 1024, 2048]),
  revectorized: () => again("--experimental-wasm-revectorize", ["products", "peers"]),
};

/** Parts once more in a process of its own, under a flag of V8. */
function again(flag: string, names: readonly string[]): void {
  const script = join(import.meta.dirname, "run.ts");
  const env = { ...process.env, LORA_PEERS_PYTHON: undefined };
  spawnSync(process.execPath, [flag, ...process.execArgv, script, ...names], { stdio: "inherit", env });
}

console.log(`Node ${process.version}, V8 ${process.versions.v8}, ${cpus()[0]?.model} × ${cpus().length}`);
console.log(`Options of Node: ${process.execArgv.join(" ")}`);
const wanted = process.argv.slice(2);
for (const [name, run] of Object.entries(parts)) {
  if (wanted.length === 0 || wanted.includes(name)) await run();
}
const python = process.env["LORA_PEERS_PYTHON"];
if (python !== undefined && wanted.join() !== "norms") {
  spawnSync(python, [join(import.meta.dirname, "peers.py")], { stdio: "inherit" });
}
