import path from "node:path";
import { openFile } from "@lora/io/node";
import { expect, test } from "vitest";
import { adapterSpectra, analyse, knownSpectra, Previewer, resizeTasks, type WorkerPool } from "../index.ts";

const samples = path.resolve(import.meta.dirname, "../../../../samples");

/** Where nothing may be worked on. */
const refusing: WorkerPool = {
  size: 1,
  run: () => Promise.reject(new Error("a module is decomposed again")),
  begin: () => undefined,
  close: async () => undefined,
};

test.each(["kohya/pirate-tales.safetensors", "question-answer/adapter_model.safetensors"])(
  "a preview from what analyse found is the preview, and decomposes nothing: %s",
  async (name) => {
    const file = await openFile(path.join(samples, name));
    const findings = knownSpectra(await analyse(file));
    const known = await adapterSpectra(file, {}, { findings, pool: refusing });
    const fresh = await adapterSpectra(file);
    for (const flags of [{ rank: 3 }, { energy: 0.9 }, { error: 0.2 }, { recipe: "fro_lora=1,size=0.05" }]) {
      const [task] = resizeTasks(flags);
      const [a, b] = [known, fresh].map((spectra) => new Previewer(spectra).preview({ task: task! }));
      expect(a!.bytes).toBe(b!.bytes);
      expect(a!.modules.map(({ rankAfter }) => rankAfter)).toEqual(
        b!.modules.map(({ rankAfter }) => rankAfter),
      );
    }
    await file.close();
  },
);

test("a report beside a base gives none: there the update may be another one", async () => {
  const file = await openFile(path.join(samples, "kohya/pirate-tales.safetensors"));
  const base = await openFile(path.join(samples, "base/model.safetensors"));
  expect(knownSpectra(await analyse(file, { base })).toJSON()).toEqual({});
  await Promise.all([file.close(), base.close()]);
});
