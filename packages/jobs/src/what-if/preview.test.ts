import { existsSync } from "node:fs";
import path from "node:path";
import { memorySink, writeSafetensors } from "@lora/io";
import { openFile } from "@lora/io/node";
import type { TensorFile } from "@lora/tensor";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { kohyaFile, type MadeModule } from "../adapters.test-helper.ts";
import {
  adapterSpectra,
  type FactorDType,
  type Preview,
  Previewer,
  resize,
  type ResizeFlags,
  type ResizeReport,
  resizeTasks,
} from "../index.ts";
import { plannedAdapter } from "./adapter-header.ts";

const root = path.resolve(import.meta.dirname, "../../../..");
const data = path.resolve(root, process.env["LORA_DATA"] ?? "../shared/data");

interface Asked {
  readonly flags: ResizeFlags;
  readonly dtype?: FactorDType | undefined;
  readonly base?: TensorFile | undefined;
}

/** What a preview says, after the journey from a worker to the page. */
async function previewed(file: TensorFile, { flags, dtype, base }: Asked): Promise<Preview> {
  const spectra = structuredClone(await adapterSpectra(file, { base }));
  return new Previewer(spectra).preview({ task: resizeTasks(flags)[0]!, dtype });
}

/** What `resize` does. */
async function resized(file: TensorFile, { flags, dtype, base }: Asked): Promise<ResizeReport> {
  const [output] = await resize(file, { tasks: resizeTasks(flags), dtype, base });
  const sink = memorySink();
  const bytes = await writeSafetensors(output!.file, sink);
  return output!.report({ path: "out.safetensors", bytes });
}

/** Both of it, or the message of both. */
async function expectAgreement(file: TensorFile, asked: Asked): Promise<void> {
  const [before, after] = await Promise.allSettled([previewed(file, asked), resized(file, asked)]);
  if (after.status === "rejected" || before.status === "rejected") {
    expect([before.status, after.status]).toEqual(["rejected", "rejected"]);
    const [a, b] = [before, after].map((one) => (one as PromiseRejectedResult).reason as Error);
    expect(a!.message).toBe(b!.message);
    return;
  }
  const [preview, report] = [before.value, after.value];
  expect(preview.bytes).toBe(report.output.bytes);
  expect(preview.rule).toEqual(report.rule);
  expect(preview.rank).toEqual(report.output.rank);
  expect(preview.dropped).toBe(report.dropped.length);
  expect(preview.modules.map(({ name, rankBefore, rankAfter }) => ({ name, rankBefore, rankAfter }))).toEqual(
    report.modules.map(({ name, rankBefore, rankAfter }) => ({ name, rankBefore, rankAfter })),
  );
}

const made: fc.Arbitrary<MadeModule> = fc.record(
  {
    out: fc.integer({ min: 1, max: 12 }),
    in: fc.integer({ min: 1, max: 12 }),
    rank: fc.integer({ min: 1, max: 14 }),
    kernel: fc.constantFrom(1, 3),
    alpha: fc.constantFrom(1, 4, 0.3),
    dtype: fc.constantFrom("f32" as const, "f16" as const, "bf16" as const),
  },
  { requiredKeys: ["out", "in", "rank"] },
);
const adapter = fc
  .tuple(
    fc.array(made, { minLength: 1, maxLength: 4 }),
    fc.constantFrom<Record<string, string>>(
      {},
      { ss_network_dim: "8", ss_network_alpha: "4.0" },
      { ss_network_dim: "8", ss_training_comment: "mine", sshs_model_hash: "x" },
    ),
  )
  .map(([modules, metadata]) =>
    kohyaFile(
      Object.fromEntries(modules.map((module, index) => [`lora_unet_block_${index}_q`, module])),
      metadata,
    ),
  );
const rank = fc.integer({ min: 1, max: 12 });
const share = fc.double({ min: 0.05, max: 1, noNaN: true });
const weights = fc.constantFrom(
  "spn_lora=1",
  "fro_lora=1",
  "fro_lora=1,params=0.5",
  "spn_lora=2,params=-0.5",
);
const rules: fc.Arbitrary<ResizeFlags> = fc.oneof(
  fc.record({ rank, convRank: fc.option(rank, { nil: undefined }) }),
  share.map((energy) => ({ energy })),
  fc.double({ min: 0, max: 0.9, noNaN: true }).map((error) => ({ error })),
  fc.constantFrom({ knee: "linear" }, { knee: "log" }),
  fc.record({ svRatio: fc.double({ min: 1.01, max: 50, noNaN: true }), kohyaPlusOne: fc.boolean() }),
  share.map((svFro) => ({ svFro })),
  share.map((svCumulative) => ({ svCumulative })),
  fc
    .tuple(weights, fc.double({ min: -3, max: 0, noNaN: true }))
    .map(([w, t]) => ({ recipe: `${w},thr=${t}` })),
  fc
    .tuple(weights, fc.double({ min: 0.0003, max: 0.008, noNaN: true }))
    .map(([w, size]) => ({ recipe: `${w},size=${size}` })),
  fc.constant({ recipe: "fro_lora=1,rescale=0.5,thr=-0.7", maxRank: 5 }),
);
const dtypes = fc.constantFrom<FactorDType | undefined>(undefined, "f16", "bf16", "f32");

test("a preview has the ranks and the bytes that resize then makes", async () => {
  await fc.assert(
    fc.asyncProperty(adapter, rules, dtypes, (file, flags, dtype) => expectAgreement(file, { flags, dtype })),
    { seed: 5, numRuns: 100 },
  );
});

test("the errors it predicts are those of the truncated singular value decomposition", async () => {
  const module: MadeModule = { out: 24, in: 18, rank: 8, alpha: 4 };
  const { modules, relativeErrorFrobenius, retainedEnergy } = await previewed(
    kohyaFile({ lora_unet_a: module }),
    { flags: { rank: 3 } },
  );
  const report = await resized(kohyaFile({ lora_unet_a: module }), { flags: { rank: 3 } });
  expect(relativeErrorFrobenius).toBeCloseTo(report.relativeErrorFrobenius, 6);
  expect(modules[0]!.relativeErrorSpectral).toBeCloseTo(report.modules[0]!.relativeErrorSpectral!, 6);
  expect(retainedEnergy).toBeCloseTo(1 - relativeErrorFrobenius ** 2, 14);
});

test("a header that was posted refuses to be read", async () => {
  const { header } = await adapterSpectra(kohyaFile({ lora_unet_a: { out: 2, in: 2, rank: 1 } }));
  const [tensor] = plannedAdapter(header).file.tensors.values();
  await expect(tensor!.bytes()).rejects.toThrow("a header was kept of this file, and none of its values");
});

const FLAGS: readonly ResizeFlags[] = [
  { rank: 2 },
  { energy: 0.9 },
  { recipe: "fro_lora=1,thr=-0.6" },
  { recipe: "spn_lora=1,params=0.5,size=0.02" },
];

describe("the samples", () => {
  test.each(["kohya/pirate-tales.safetensors", "question-answer/adapter_model.safetensors"])(
    "%s, with rules of its base among them",
    async (name) => {
      const file = await openFile(path.join(root, "samples", name));
      const base = await openFile(path.join(root, "samples/base/model.safetensors"));
      for (const flags of FLAGS) await expectAgreement(file, { flags, dtype: "f16" });
      for (const limit of ["thr=-1.2", "size=0.05"]) {
        const recipe = `spn_ckpt=0.4,fro_ckpt=0.3,subspace=0.3,${limit}`;
        await expectAgreement(file, { flags: { recipe }, base });
      }
      await Promise.all([file.close(), base.close()]);
    },
  );
});

describe.skipIf(!existsSync(data))("real adapters", () => {
  test.each([
    "peft-adapters/saraelsafty-movies/adapter_model.safetensors",
    "cloneofsimo-lora/analog_svd_rank4.safetensors",
    "lycoris-lokr/smart_falcon_4_lokr.safetensors",
    "mlx/wyek1n/0000100_adapters.safetensors",
  ])("%s", async (name) => {
    const file = await openFile(path.join(data, name));
    for (const flags of [{ rank: 2 }, { energy: 0.7 }]) await expectAgreement(file, { flags });
    await file.close();
  });
});
