// Combining two adapters of rank 16 on one module of 4096 × 4096, here and by PEFT's `svd` on the same values, one thread
// each, in one run:
//
//   LORA_PEERS_PYTHON=/path/to/python pnpm bench:combine
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { combine, type CombineReport } from "../src/index.ts";
import { balancedFactors } from "../src/resize/keep.ts";
import { type Engine, pairsOf, productSpectrum, randomMatrix, wasmEngine } from "@lora/linalg";
import { loadDelta, readAdapter, stackedFactors, type WeightedUpdate } from "@lora/peft";
import { tensorFile, type TensorFile, tensorOfValues } from "@lora/tensor";

const [SIZE, RANK, ROUNDS] = [4096, 16, 15];
const WEIGHTS = [0.7, 0.3];

function adapter(index: number, folder: string): TensorFile {
  const [up, down] = [randomMatrix(SIZE, RANK, 2 * index + 1), randomMatrix(RANK, SIZE, 2 * index + 2)];
  writeFileSync(join(folder, `b${index}`), Float32Array.from(up.data));
  writeFileSync(join(folder, `a${index}`), Float32Array.from(down.data));
  return tensorFile({
    name: `${index}.safetensors`,
    tensors: [
      ["lora_unet_layer.lora_down.weight", tensorOfValues(down.data, "f32", [RANK, SIZE])],
      ["lora_unet_layer.lora_up.weight", tensorOfValues(up.data, "f32", [SIZE, RANK])],
    ],
  });
}

/** The whole job: interference, the sum at rank 32, rounding, and the error of what is written. */
async function ours(files: readonly TensorFile[], engine: Engine): Promise<CombineReport> {
  const inputs = files.map((file, index) => ({ file, weight: WEIGHTS[index]! }));
  const output = await combine(inputs, { method: "svd", rank: 2 * RANK, dtype: "f32" }, { engine });
  for (const tensor of output.file.tensors.values()) await tensor.bytes();
  return output.report({ path: "", bytes: 0 });
}

/** What PEFT's function does: from factors in memory to the factors of the sum, without measuring anything. */
function update(parts: readonly WeightedUpdate[], engine: Engine): void {
  const factors = stackedFactors(parts);
  const spectrum = productSpectrum(factors.up, factors.down, { engine });
  const kept = Array.from({ length: 2 * RANK }, (_, i) => i);
  balancedFactors(factors, pairsOf(spectrum, kept), { gain: 1, engine });
}

async function median(name: string, work: () => unknown): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const start = performance.now();
    await work();
    // The first round is for the compilers.
    if (round > 0) times.push(performance.now() - start);
  }
  const sorted = times.toSorted((a, b) => a - b);
  const middle = sorted[Math.floor(ROUNDS / 2)]!;
  process.stdout.write(`${name}: best ${sorted[0]!.toFixed(1)} ms, median ${middle.toFixed(1)} ms\n`);
  return middle;
}

const folder = mkdtempSync(join(tmpdir(), "combine-"));
try {
  const engine = wasmEngine();
  const files = [0, 1].map((index) => adapter(index, folder));
  const loaded = await Promise.all(
    files.map(async (file) => loadDelta((await readAdapter(file)).modules[0]!)),
  );
  const parts = loaded.map((delta, index) => ({ update: delta.storedFactors(), weight: WEIGHTS[index]! }));
  process.stdout.write(`svd of two adapters, ${SIZE}², rank ${RANK} + ${RANK}, one thread\n`);
  const factors = await median("the update alone", () => update(parts, engine));
  const job = await median("the whole job, with interference and errors", () => ours(files, engine));
  const python = process.env["LORA_PEERS_PYTHON"];
  if (python !== undefined) {
    const script = join(import.meta.dirname, "combine.py");
    const { stdout, stderr } = spawnSync(python, [script, folder, String(SIZE), String(RANK)], {
      encoding: "utf8",
    });
    if (stdout === "") throw new Error(stderr);
    const peer = JSON.parse(stdout) as { seconds: number; distance: number; versions: string };
    const times = [factors, job].map((own) => Math.round((peer.seconds * 1000) / own)).join(" and ");
    process.stdout.write(`${peer.versions}: ${peer.seconds.toFixed(1)} s, ${times} times that\n`);
    const { distanceFromSum } = await ours(files, engine);
    process.stdout.write(`from the exact sum: ours ${distanceFromSum}, PEFT ${peer.distance}\n`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
