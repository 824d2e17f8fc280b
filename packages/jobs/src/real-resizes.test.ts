import { existsSync } from "node:fs";
import path from "node:path";
import { bytesSource, memorySink, openSource, writeSafetensors } from "@lora/io";
import { openFile } from "@lora/io/node";
import { type AdapterModule, loadDelta, readAdapter } from "@lora/peft";
import { type TensorFile, tensorFile } from "@lora/tensor";
import { describe, expect, test } from "vitest";
import { inspect, resize, resizeTasks } from "./index.ts";

const data = path.resolve(import.meta.dirname, "../../..", process.env["LORA_DATA"] ?? "../shared/data");

/** Dialect, kind and number of modules of every real adapter whose container is read. */
const ADAPTERS = [
  ["peft-adapters/saraelsafty-movies/adapter_model.safetensors", "peft", "lora", 24],
  ["peft-prs/monteclora-roberta-mrpc/adapter_model.safetensors", "peft", "lora", 24],
  ["sd15-diffusers/catundchat/pytorch_lora_weights.safetensors", "diffusers-legacy", "lora", 128],
  ["cloneofsimo-lora/analog_svd_rank4.safetensors", "cloneofsimo", "lora", 192],
  ["lycoris-lokr/smart_falcon_4_lokr.safetensors", "lycoris", "lokr", 350],
  ["mlx/wyek1n/0000100_adapters.safetensors", "mlx", "lora-transposed", 8],
  ["sam-lora/lora_rank6.safetensors", "sam-lora", "lora", 24],
] as const;

describe.skipIf(!existsSync(data))("real adapters at rank 1", () => {
  test.each(ADAPTERS)(
    "%s (%s, %s) is off by the singular values left out",
    async (name, dialect, kind, count) => {
      const file = await openFile(path.join(data, name));
      const before = await readAdapter(file);
      const report = await inspect(file);
      expect([report.dialect, report.modules.length]).toEqual([dialect, count]);
      expect(new Set(report.modules.map((module) => module.kind))).toEqual(new Set([kind]));
      const [output] = await resize(file, { tasks: resizeTasks({ rank: 1 }), dtype: "f32" });
      const after = await readAdapter(await rewritten(output!.file));
      expect(new Set(after.modules.map((module) => module.rank))).toEqual(new Set([1]));
      const found = new Map(after.modules.map((module) => [module.name, module]));
      for (const module of before.modules.filter(
        ({ name: key }, index) => index % 11 === 0 || !found.has(key),
      )) {
        await expectTail(module, found.get(module.name));
      }
      await file.close();
    },
  );
});

/** Through the bytes of a file, with the side files as they would lie beside it. */
async function rewritten(file: TensorFile): Promise<TensorFile> {
  const sink = memorySink();
  await writeSafetensors(file, sink);
  await sink.commit();
  const read = await openSource(bytesSource(sink.bytes!, file.name));
  return tensorFile({ ...read, sidecars: file.sidecars });
}

/** Modules that do nothing are left out where readers do not expect them. */
async function expectTail(before: AdapterModule, after: AdapterModule | undefined): Promise<void> {
  if (after === undefined) return expect((await loadDelta(before)).frobeniusNorm()).toBe(0);
  expect(after).toMatchObject({ name: before.name, shape: before.shape });
  const [whole, kept] = [await loadDelta(before), await loadDelta(after)];
  const tail = Math.hypot(...whole.svd().s.subarray(1));
  const squared = whole.inner(whole) - 2 * whole.inner(kept) + kept.inner(kept);
  // Factors are stored in f32, and the difference of squares cancels.
  expect(Math.abs(Math.sqrt(Math.max(0, squared)) - tail)).toBeLessThan(1e-5 * whole.frobeniusNorm());
}
