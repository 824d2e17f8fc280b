import { type Adapter, readAdapter } from "@lora/peft";
import { expect, test } from "vitest";
import { kohyaFile, type MadeModule } from "../adapters.test-helper.ts";
import { inlinePool } from "../pool/inline-pool.ts";
import type { WorkerPool } from "../pool/worker-pool.ts";
import { Findings } from "../shard/findings.ts";
import { cutsFarUp } from "./cuts-far-up.ts";
import { EarlyWriter } from "./early-writer.ts";
import { resize } from "./resize.ts";
import type { SpectrumFinding } from "./spectra.ts";
import { type ResizeFlags, resizeTasks } from "./tasks.ts";

/** Values of the first fall by 0.6 from one to the next; the other is not worth a reduced product. */
const [LARGE, SMALL]: readonly MadeModule[] = [
  { out: 300, in: 280, rank: 24, dtype: "f16" },
  { out: 8, in: 6, rank: 2, dtype: "f16" },
];

/** So many modules, those at the quarters as given. */
function adapterOf(count: number, tried: readonly (MadeModule | undefined)[]): Promise<Adapter> {
  const modules = Array.from({ length: count }, () => SMALL!);
  tried.forEach((made, i) => made && (modules[Math.floor(((i + 1) * count) / 4)] = made));
  return readAdapter(kohyaFile(Object.fromEntries(modules.map((made, i) => [`lora_unet_${i}`, made]))));
}

function cuts(adapter: Adapter, flags: ResizeFlags, pool: WorkerPool = inlinePool()): Promise<boolean> {
  const early = new EarlyWriter({ adapter, task: resizeTasks(flags)[0]!, dtype: undefined });
  return cutsFarUp({ adapter, early, pool, signal: undefined });
}

test.each<[what: string, modules: readonly (MadeModule | undefined)[], flags: ResizeFlags, far: boolean]>([
  ["two of three that are cut after their second pair", [LARGE, undefined, LARGE], { rank: 2 }, true],
  ["all that are cut after their eighteenth", [LARGE, LARGE, LARGE], { rank: 18 }, false],
  ["one of three", [undefined, LARGE, undefined], { rank: 2 }, false],
])("%s", async (_what, modules, flags, far) => {
  expect(await cuts(await adapterOf(64, modules), flags)).toBe(far);
});

test("of few modules none is tried", async () => {
  const silent: WorkerPool = { ...inlinePool(), run: () => Promise.reject(new Error("it runs")) };
  expect(await cuts(await adapterOf(63, []), { rank: 18 }, silent)).toBe(true);
});

test("a module that cannot be decomposed is told of when its turn comes", async () => {
  const failing: WorkerPool = { ...inlinePool(), run: () => Promise.reject(new Error("NaN")) };
  expect(await cuts(await adapterOf(64, [LARGE, LARGE, LARGE]), { rank: 2 }, failing)).toBe(false);
});

test("where all spectra are known none is tried", async () => {
  const adapter = await adapterOf(64, [LARGE, LARGE, LARGE]);
  const names: string[] = [];
  const pool: WorkerPool = {
    ...inlinePool(),
    run: ({ name }) => (names.push(name), Promise.reject(new Error("it runs"))),
  };
  const findings = new Findings();
  const tasks = resizeTasks({ rank: 2 });
  await resize(adapter.file, { tasks }, { pool, findings }).catch(() => undefined);
  expect(new Set(names)).toEqual(new Set(["decompose"]));
  names.length = 0;
  const found = findings.of<SpectrumFinding>("spectrum");
  for (const { name } of adapter.modules) found.set(name, { s: Float64Array.of(2, 1), base: undefined });
  expect(await resize(adapter.file, { tasks }, { pool, findings })).toHaveLength(1);
  expect(names).toEqual([]);
});
