import { multiply } from "@lora/linalg";
import type { LazyTensor, TensorFile } from "@lora/tensor";
import { readValues, tensorFile, tensorOfValues } from "@lora/tensor";
import { expect, test } from "vitest";
import type { Adapter } from "../adapter.ts";
import { failure, fileOf } from "../files.test-helper.ts";
import { loadDelta } from "../load-delta.ts";
import { readAdapter } from "../reading/read-adapter.ts";
import type { ModuleChange } from "./module-change.ts";
import { rewriteAdapter } from "./rewrite-adapter.ts";
import { rewrittenSpecs } from "./rewritten-specs.ts";
import { truncated } from "./truncated.test-helper.ts";

const shapesOf = (file: TensorFile): Record<string, readonly number[]> =>
  Object.fromEntries([...file.tensors].map(([name, { shape }]) => [name, shape]));

async function denseOf(adapter: Adapter, name: string): Promise<Float64Array> {
  const { up, down } = (await loadDelta(adapter.modules.find((module) => module.name === name)!)).factors();
  return multiply(up, down).data;
}

const KOHYA = {
  "lora_unet_a.lora_down.weight": [3, 6],
  "lora_unet_extra.dora_scale": [4],
  "lora_unet_a.alpha": [],
  "lora_unet_a.lora_up.weight": [4, 3],
  "lora_unet_b.lora_down.weight": [2, 5, 1, 1],
  "lora_unet_b.lora_mid.weight": [2, 2, 3, 3],
  "lora_unet_b.lora_up.weight": [4, 2, 1, 1],
  "lora_unet_c.lora_down.weight": [2, 5, 3, 3],
  "lora_unet_c.lora_up.weight": [4, 2, 1, 1],
};

test("names, order and style stay; a Tucker core is folded; what is not changed is the same tensor", async () => {
  const file = fileOf(KOHYA);
  const adapter = await readAdapter(file);
  const out = rewriteAdapter(adapter, truncated(adapter, { lora_unet_a: 2, lora_unet_b: 1 }));
  expect(shapesOf(out)).toEqual({
    "lora_unet_a.lora_down.weight": [2, 6],
    "lora_unet_extra.dora_scale": [4],
    "lora_unet_a.alpha": [],
    "lora_unet_a.lora_up.weight": [4, 2],
    "lora_unet_b.lora_down.weight": [1, 5, 3, 3],
    "lora_unet_b.lora_up.weight": [4, 1, 1, 1],
    "lora_unet_c.lora_down.weight": [2, 5, 3, 3],
    "lora_unet_c.lora_up.weight": [4, 2, 1, 1],
  });
  expect([...out.tensors.keys()]).toEqual([...file.tensors.keys()].filter((name) => !name.includes("mid")));
  for (const name of ["lora_unet_extra.dora_scale", "lora_unet_c.lora_down.weight"]) {
    expect(out.tensors.get(name)).toBe(file.tensors.get(name));
  }
});

test("at full rank the update is the same, scale included, for every way of keeping a scale", async () => {
  const file = fileOf(KOHYA, { alpha: 7 });
  const adapter = await readAdapter(file);
  const ranks = { lora_unet_a: 3, lora_unet_b: 2, lora_unet_c: 2 };
  const again = await readAdapter(rewriteAdapter(adapter, truncated(adapter, ranks, "f64")));
  for (const name of Object.keys(ranks)) {
    const [before, after] = [await denseOf(adapter, name), await denseOf(again, name)];
    const largest = Math.max(...before.map(Math.abs));
    // An SVD of rank at most 3 and its product, all in f64.
    before.forEach((value, index) =>
      expect(Math.abs(value - after[index]!)).toBeLessThan(300 * 2 ** -52 * largest),
    );
  }
});

test("alpha is rounded in its own type and the factors make up for it", async () => {
  const tensors: [string, LazyTensor][] = [
    ["lora_unet_a.lora_down.weight", tensorOfValues([1, 2, 3, 4, 5, 7], "f32", [3, 2])],
    ["lora_unet_a.lora_up.weight", tensorOfValues([1, 0, 2, 1, 5, 3], "f32", [2, 3])],
    ["lora_unet_a.alpha", tensorOfValues([1], "bf16", [])],
  ];
  const adapter = await readAdapter(tensorFile({ name: "t", tensors }));
  const out = rewriteAdapter(adapter, truncated(adapter, { lora_unet_a: 2 }, "f64"));
  const alpha = await readValues(out.tensors.get("lora_unet_a.alpha")!);
  // 2/3 in bfloat16, 8 bits of mantissa.
  expect(alpha[0]).toBe(171 / 256);
  expect(out.tensors.get("lora_unet_a.alpha")!.dtype).toBe("bf16");
  const again = await readAdapter(out);
  expect(again.modules[0]!.scale).toBe(171 / 512);
  const [before, after] = [await denseOf(adapter, "lora_unet_a"), await denseOf(again, "lora_unet_a")];
  before.forEach((value, index) => expect(after[index]).toBeCloseTo(value, 12));
});

test.each([
  ["an integer alpha", 1, "i64", 1],
  ["an alpha that its type would round to 0", 2 ** -24, "f16", 1],
] as const)("%s stays above 0", async (_, alpha, dtype, expected) => {
  const tensors: [string, LazyTensor][] = [
    ["lora_unet_a.lora_down.weight", tensorOfValues(new Float64Array(8).fill(1), "f32", [4, 2])],
    ["lora_unet_a.lora_up.weight", tensorOfValues(new Float64Array(8).fill(1), "f32", [2, 4])],
    ["lora_unet_a.alpha", tensorOfValues([alpha], dtype, [])],
  ];
  const adapter = await readAdapter(tensorFile({ name: "t", tensors }));
  const out = rewriteAdapter(adapter, truncated(adapter, { lora_unet_a: 1 }, "f64"));
  expect((await readValues(out.tensors.get("lora_unet_a.alpha")!))[0]).toBe(expected);
  const again = await readAdapter(out);
  expect((await denseOf(again, "lora_unet_a"))[0]! / (await denseOf(adapter, "lora_unet_a"))[0]!).toBeCloseTo(
    1,
    14,
  );
});

test("what is planned without values is what is written", async () => {
  const adapter = await readAdapter(fileOf(KOHYA, { metadata: { ss_network_dim: "3" } }));
  const ranks = { lora_unet_a: 2, lora_unet_b: 0, lora_unet_c: 1 };
  const metadata = new Map([["note", "x"]]);
  const planned = rewrittenSpecs(adapter, new Map(Object.entries(ranks)), { dtype: () => "f16", metadata });
  const written = rewriteAdapter(adapter, truncated(adapter, ranks, "f16"), { metadata });
  expect(planned.specs.map(([name, { dtype, shape }]) => [name, dtype, shape])).toEqual(
    [...written.tensors].map(([name, { dtype, shape }]) => [name, dtype, shape]),
  );
  expect(planned.metadata).toEqual(written.metadata);
  const bytes = await written.tensors.get("lora_unet_a.lora_down.weight")!.bytes([1, 2]);
  expect(bytes).toEqual((await written.tensors.get("lora_unet_a.lora_down.weight")!.bytes()).subarray(12));
});

test("without changes texts and tensors are the same", async () => {
  const adapter = await readAdapter(fileOf(KOHYA));
  const out = rewriteAdapter(adapter, new Map(), { name: "new" });
  expect([...out.tensors]).toEqual([...adapter.file.tensors]);
  expect([out.name, out.metadata]).toEqual(["new", adapter.file.metadata]);
});

test("changes that cannot be are refused", async () => {
  const adapter = await readAdapter(fileOf(KOHYA));
  const replace = (rank: number): ModuleChange => ({
    kind: "replace",
    rank,
    dtype: "f32",
    factors: () => async () => ({ up: new Uint8Array(4), down: new Uint8Array(4) }),
  });
  const messages = await Promise.all(
    [
      new Map([["nothing", replace(1)]]),
      new Map([["lora_unet_a", replace(0)]]),
      new Map([["lora_unet_a", replace(1.5)]]),
    ].map(async (changes) => (await failure(() => rewriteAdapter(adapter, changes))).message),
  );
  expect(messages).toEqual([
    "nothing is no module of this adapter",
    "a module cannot be replaced at rank 0",
    "a rank must be a whole number of at least 0, and is 1.5",
  ]);
  const out = rewriteAdapter(adapter, new Map([["lora_unet_a", replace(1)]]));
  const error = await failure(() => out.tensors.get("lora_unet_a.lora_up.weight")!.bytes());
  expect([error.code, error.message]).toEqual([
    "SHAPE",
    "a new factor of shape 4 × 1 takes 16 bytes of f32, not 4",
  ]);
});

test("factors are asked for once each, in the order of the file, with the scale that will be stored", async () => {
  const adapter = await readAdapter(fileOf(KOHYA, { alpha: 7 }));
  const asked: [string, number][] = [];
  const change = (name: string, rank: number): [string, ModuleChange] => [
    name,
    {
      kind: "replace",
      rank,
      dtype: "f32",
      factors(storedScale) {
        asked.push([name, storedScale]);
        return () => Promise.reject(new Error("nothing is pulled here"));
      },
    },
  ];
  rewriteAdapter(adapter, new Map([change("lora_unet_c", 1), change("lora_unet_a", 2)]));
  expect(asked).toEqual([
    ["lora_unet_a", Math.fround(14 / 3) / 2],
    ["lora_unet_c", 1],
  ]);
});
