import path from "node:path";
import { referenceBackend } from "@lora/linalg";
import { openFile } from "@lora/io/node";
import { type Backend, LoraError, type TensorFile, tensorFile, tensorOfValues } from "@lora/tensor";
import { afterAll, describe, expect, test } from "vitest";
import {
  analyse,
  type AnalyseReport,
  type BaseAnalysis,
  resize,
  resizeTasks,
  type RunContext,
} from "../index.ts";
import { nodePool } from "../node/node-pool.ts";

const root = path.resolve(import.meta.dirname, "../../../..");
const adapter = await openFile(path.join(root, "samples/pirate-tales"));
const base = await openFile(path.join(root, "samples/base"));
const pool = nodePool({ threads: 2 });
afterAll(() => Promise.all([adapter, base, pool].map((opened) => opened.close())));

const backend = referenceBackend();
const UNIT = 2 ** -24;
const RECIPE = "spn_ckpt=1,thr=-0.5:subspace=0.5,fro_ckpt=1,size=0.2";

/** Keeps nothing, as a device whose buffers are too small. */
const tooSmall: Backend = {
  ...backend,
  id: "too small",
  upload() {
    throw new LoraError("UNSUPPORTED", "a tensor is larger than the largest buffer of this device");
  },
};

function basesOf(report: AnalyseReport): BaseAnalysis[] {
  return report.modules.flatMap(({ base: found }) => found ?? []);
}

describe.each([
  ["in this thread", {}],
  ["with a pool", { pool }],
] as const)("base weights on a device, %s", (_, context: RunContext) => {
  test("an analysis finds in f32 what the processor finds in f64", async () => {
    const expected = await analyse(adapter, { base }, context);
    const found = await analyse(adapter, { base }, { ...context, backend });
    expect(found.device).toEqual({ name: "reference", weights: 28 });
    const bases = basesOf(expected);
    for (const [at, { spectralNorm, frobeniusNorm, subspaceFactors }] of basesOf(found).entries()) {
      const exact = bases[at]!;
      const [out, ...inner] = expected.modules[at]!.shape as readonly [number, ...number[]];
      const cols = inner.reduce((product, size) => product * size, 1);
      const bound = 1e-8 + 10 * Math.sqrt(out + cols) * UNIT;
      expect(Math.abs(spectralNorm / exact.spectralNorm - 1)).toBeLessThanOrEqual(bound);
      expect(Math.abs(frobeniusNorm / exact.frobeniusNorm - 1)).toBeLessThanOrEqual(out * cols * UNIT);
      const errors = subspaceFactors.map((factor, i) => Math.abs(factor - exact.subspaceFactors[i]!));
      expect(Math.max(...errors)).toBeLessThanOrEqual((cols + 3) * UNIT * exact.frobeniusNorm);
    }
    const withoutBase = ({ modules }: AnalyseReport): object[] =>
      modules.map((module) => ({ ...module, base: undefined }));
    expect(withoutBase(found)).toEqual(withoutBase(expected));
  });

  test("a resize by a recipe keeps the same ranks, and says what ran where", async () => {
    const reports = async (on: RunContext): Promise<unknown[]> => {
      const outputs = await resize(adapter, { tasks: resizeTasks({ recipe: RECIPE }), base }, on);
      return Promise.all(
        outputs.map(async ({ file, report }) => {
          for (const tensor of file.tensors.values()) await tensor.bytes();
          const { modules, device } = report({ path: "small.safetensors", bytes: 0 });
          return [modules.map(({ rankAfter }) => rankAfter), device];
        }),
      );
    };
    const [expected, found] = [await reports(context), await reports({ ...context, backend })];
    const device = { name: "reference", weights: 28 };
    expect(found).toEqual(expected.map((report) => [(report as unknown[])[0], device]));
  });
});

test("a weight that the device cannot hold is measured on the processor", async () => {
  const [found, expected] = [
    await analyse(adapter, { base }, { backend: tooSmall }),
    await analyse(adapter, { base }),
  ];
  expect(found).toEqual({ ...expected, device: { name: "too small", weights: 0 } });
  const options = { tasks: resizeTasks({ recipe: RECIPE }), base };
  const [first] = await resize(adapter, options, { backend: tooSmall });
  for (const tensor of first!.file.tensors.values()) await tensor.bytes();
  expect(first!.report({ path: "", bytes: 0 }).device).toEqual({ name: "too small", weights: 0 });
});

test("without a base there is nothing for a device to do, and no word of it", async () => {
  expect(await analyse(adapter, {}, { backend })).not.toHaveProperty("device");
});

test("a weight with a value that is not finite is refused with its place, as on the processor", async () => {
  const broken = await withNaN(base, "model.layers.1.self_attn.q_proj.weight", 77);
  const error = {
    code: "NUMERIC",
    message: "value 77 of the base weight is NaN",
    facts: { tensor: "model.layers.1.self_attn.q_proj.weight", index: 77 },
  };
  await expect(analyse(adapter, { base: broken }, { backend })).rejects.toMatchObject(error);
  await expect(analyse(adapter, { base: broken })).rejects.toMatchObject(error);
});

/** The same file with a NaN in one of its tensors. */
async function withNaN(file: TensorFile, name: string, index: number): Promise<TensorFile> {
  const { shape } = file.tensors.get(name)!;
  const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
  values[index] = Number.NaN;
  const tensors = new Map(file.tensors).set(name, tensorOfValues(values, "f32", shape));
  return tensorFile({ name: "broken.safetensors", tensors });
}
