import { createHash } from "node:crypto";
import { dataSha256, layoutSha256 } from "@lora/io";
import { tensorFile, type TensorFile, tensorOfValues } from "@lora/tensor";
import { describe, expect, test } from "vitest";
import { kohyaFile } from "../adapters.test-helper.ts";
import { combine, extract, init, merge, resize, resizeTasks } from "../index.ts";
import { PROVENANCE } from "./provenance.ts";

const TOOL = { tool: "lora 1.2.3" };
const ADAPTER = {
  ...kohyaFile({ lora_unet_a: { out: 4, in: 3, rank: 2, alpha: 1 } }, { "modelspec.trigger_phrase": "ohwx" }),
  name: "/home/me/secret/style.safetensors",
  byteLength: 400,
};

function model(scale: number): TensorFile {
  const values = Float32Array.from({ length: 12 }, (_, i) => scale * Math.sin(i + 1));
  return tensorFile({
    name: "/models/base.safetensors",
    tensors: [["a.weight", tensorOfValues(values, "f32", [4, 3])]],
    metadata: [["format", "pt"]],
  });
}

function recorded(file: TensorFile): Record<string, unknown> {
  return JSON.parse(file.metadata.get(PROVENANCE)!) as Record<string, unknown>;
}

const adapterRecord = async (): Promise<object> => ({
  name: "style.safetensors",
  bytes: 400,
  data_sha256: await dataSha256(ADAPTER),
});

test("resize says tool, rule and input, by its own name and the hash of its values", async () => {
  const [output] = await resize(ADAPTER, { tasks: resizeTasks({ rank: 1 }), dtype: "f16" }, TOOL);
  expect(recorded(output!.file)).toEqual({
    tool: "lora 1.2.3",
    job: "resize",
    options: { rule: "rank 1", dtype: "f16" },
    inputs: [await adapterRecord()],
    models: [],
  });
  expect(output!.file.metadata.get("modelspec.trigger_phrase")).toBe("ohwx");
});

test("combine says the weights, and what its inputs were made from themselves", async () => {
  const [small] = await resize(ADAPTER, { tasks: resizeTasks({ rank: 1 }) }, TOOL);
  const { file } = await combine(
    [
      { file: small!.file, weight: 0.7 },
      { file: ADAPTER, weight: -1 },
    ],
    { method: "linear" },
    TOOL,
  );
  expect(recorded(file)).toMatchObject({
    job: "combine",
    options: { method: "linear" },
    inputs: [
      { weight: 0.7, provenance: { job: "resize" } },
      { ...(await adapterRecord()), weight: -1 },
    ],
  });
});

test("combine states the trigger phrases of all, and with modelspec's keys what it was merged from", async () => {
  const other = kohyaFile({ lora_unet_a: { out: 4, in: 3, rank: 1 } }, { "modelspec.trigger_phrase": "sks" });
  const inputs = [ADAPTER, other, ADAPTER].map((file) => ({ file, weight: 1 }));
  const { file } = await combine(inputs, { method: "linear" });
  expect(file.metadata.get("modelspec.trigger_phrase")).toBe("ohwx, sks");
  expect(file.metadata.get("modelspec.merged_from")).toBe(
    "style.safetensors, made.safetensors, style.safetensors",
  );
});

test("merge says the base by the hash of its layout, not of its values", async () => {
  const base = model(1);
  const { file } = await merge(base, { adapters: [{ file: ADAPTER, weight: 0.5 }] }, TOOL);
  expect(recorded(file)).toEqual({
    tool: "lora 1.2.3",
    job: "merge",
    options: { safe: false, unmerge: false },
    inputs: [{ ...(await adapterRecord()), weight: 0.5 }],
    models: [{ name: "base.safetensors", layout_sha256: layoutSha256(base) }],
  });
  expect(file.metadata.get("format")).toBe("pt");
});

test("extract and init say their models and options", async () => {
  const extracted = await extract({ base: model(1), tuned: model(2) }, { rank: 1 }, TOOL);
  expect(recorded(extracted.file)).toMatchObject({
    job: "extract",
    options: { rank: 1 },
    models: [{ name: "base.safetensors" }, { name: "base.safetensors" }],
  });
  const config = { r: 2, target_modules: ["a"] };
  const made = await init(model(1), { method: "gaussian", config, seed: 5 }, TOOL);
  expect(recorded(made.adapter)).toMatchObject({
    job: "init",
    options: { method: "gaussian", config, seed: 5 },
  });
});

describe("it is the same text for the same inputs", () => {
  test("whatever hashes", async () => {
    const sha256 = (): ReturnType<typeof createHash> => createHash("sha256");
    const texts = [];
    for (const context of [{}, { sha256 }, {}]) {
      const [output] = await resize(ADAPTER, { tasks: resizeTasks({ rank: 1 }) }, context);
      texts.push(output!.file.metadata.get(PROVENANCE));
    }
    expect(new Set(texts).size).toBe(1);
    expect(texts[0]).toContain('"tool":"@lora/jobs"');
  });
});
