import { multiply } from "@lora/linalg";
import { combineMethods, loadDelta, PEFT_COMBINATIONS, readAdapter } from "@lora/peft";
import { type LazyTensor, tensorFile, type TensorFile, tensorOfValues } from "@lora/tensor";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { denseUpdate, kohyaFile, type MadeModule } from "../adapters.test-helper.ts";
import { verify } from "../index.ts";
import { combine, type CombineJobOptions } from "./combine.ts";
import type { CombineReport } from "./combine-report.ts";
import type { CombineInput } from "./inputs.ts";

/** What is written, and its report. */
async function combined(
  inputs: readonly (readonly [TensorFile, number])[],
  options: Partial<CombineJobOptions> = {},
): Promise<{ file: TensorFile; report: CombineReport }> {
  const given = inputs.map(([file, weight]): CombineInput => ({ file, weight }));
  const output = await combine(given, { method: "linear", dtype: "f32", ...options });
  const tensors: [string, LazyTensor][] = [];
  for (const [name, { dtype, shape, ...tensor }] of output.file.tensors) {
    const values = await output.file.tensors.get(name)!.bytes();
    tensors.push([name, { dtype, shape, byteLength: tensor.byteLength, bytes: async () => values }]);
  }
  const { metadata, sidecars } = output.file;
  const file = tensorFile({ name: "out.safetensors", tensors, metadata, sidecars });
  return { file, report: output.report({ path: "out.safetensors", bytes: 0 }) };
}

/** The updates of a file by module name, as dense values. */
async function updates(file: TensorFile): Promise<Record<string, readonly number[]>> {
  const { modules } = await readAdapter(file);
  const entries = modules.map(async (module) => {
    const { up, down } = (await loadDelta(module)).factors();
    return [module.name, [...multiply(up, down).data]] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

const A: MadeModule = { out: 10, in: 8, rank: 4, alpha: 2 };
const B: MadeModule = { out: 6, in: 5, rank: 2 };
const C: MadeModule = { out: 7, in: 3, rank: 3, kernel: 3, alpha: 1 };
const FIRST = kohyaFile(
  { lora_unet_a: A, lora_unet_b: B, lora_unet_c: C },
  { ss_network_dim: "4", note: "x" },
);
const SECOND = kohyaFile({
  lora_unet_z: { ...B, rank: 1 },
  lora_unet_c: { ...C, rank: 2 },
  lora_unet_a: { ...A, rank: 6, alpha: 9 },
});

describe("the weighted sum", () => {
  const whole = { cat: {}, linear: {}, svd: { rank: 30 } };

  test.each(Object.entries(whole))(
    "%s is Σ wᵢ·ΔWᵢ, whatever the ranks, kinds and modules",
    async (method, limits) => {
      const { file, report } = await combined(
        [
          [FIRST, 0.7],
          [SECOND, -0.4],
        ],
        { method, ...limits },
      );
      const [found, one, two] = [await updates(file), await updates(FIRST), await updates(SECOND)];
      expect(Object.keys(found)).toEqual(["lora_unet_a", "lora_unet_b", "lora_unet_c", "lora_unet_z"]);
      for (const [name, values] of Object.entries(found)) {
        const expected = values.map((_, i) => 0.7 * (one[name]?.[i] ?? 0) - 0.4 * (two[name]?.[i] ?? 0));
        const difference = Math.hypot(...values.map((value, i) => value - expected[i]!));
        expect(difference).toBeLessThan(1e-6 * Math.hypot(...expected));
      }
      expect(report.relativeErrorFrobenius).toBeLessThan(1e-6);
      expect(report.distanceFromSum).toBeLessThan(1e-6);
    },
  );

  test("cat adds ranks up, linear takes the least, svd the largest", async () => {
    const ranks = async (options: Partial<CombineJobOptions>): Promise<number[]> =>
      (
        await combined(
          [
            [FIRST, 1],
            [FIRST, 1],
            [SECOND, 1],
          ],
          options,
        )
      ).report.modules.map(({ rankAfter }) => rankAfter);
    expect(await ranks({ method: "cat" })).toEqual([14, 4, 8, 1]);
    expect(await ranks({ method: "linear" })).toEqual([8, 2, 5, 1]);
    expect(await ranks({ method: "svd" })).toEqual([6, 2, 3, 1]);
    expect(await ranks({ method: "svd", rank: 2 })).toEqual([2, 2, 2, 1]);
  });

  test("with an error the least rank that meets it is written, and what is reported is what is there", async () => {
    const { file, report } = await combined(
      [
        [FIRST, 1],
        [SECOND, 0.5],
      ],
      { method: "svd", error: 0.2 },
    );
    const exact = await combined([
      [FIRST, 1],
      [SECOND, 0.5],
    ]);
    const { modules } = await verify(exact.file, file, { tolerance: 1 });
    modules.forEach(({ relativeErrorFrobenius }, index) => {
      expect(relativeErrorFrobenius).toBeLessThan(0.2);
      expect(report.modules[index]!.relativeErrorFrobenius).toBeCloseTo(relativeErrorFrobenius!, 6);
    });
    expect(report.output.rank.total).toBeLessThan(exact.report.output.rank.total);
  });

  test("in f16 the rounding is part of the error", async () => {
    const { report } = await combined(
      [
        [FIRST, 1],
        [SECOND, 1],
      ],
      { dtype: "f16" },
    );
    expect(report.relativeErrorFrobenius).toBeGreaterThan(1e-5);
    expect(report.relativeErrorFrobenius).toBeLessThan(2 ** -10);
  });
});

describe("every method", () => {
  const methods = combineMethods.map(({ id }) => id);

  test.each(methods)("%s of one adapter at weight 1 is itself, and weight 0 is absence", async (method) => {
    const alone = await combined([[FIRST, 1]], { method });
    expect(await verify(FIRST, alone.file, { tolerance: 1e-6 })).toMatchObject({
      passed: true,
      onlyInA: [],
      onlyInB: [],
    });
    const absent = await combined(
      [
        [SECOND, 0],
        [FIRST, 1],
      ],
      { method },
    );
    expect(await updates(absent.file)).toEqual(await updates(alone.file));
  });

  test.each(methods)("%s: weights where only one adapter speaks are factors of it", async (method) => {
    const { file } = await combined(
      [
        [FIRST, 0.5],
        [SECOND, 2],
      ],
      { method },
    );
    const [found, one] = [await updates(file), await updates(FIRST)];
    found["lora_unet_b"]!.forEach((value, i) => expect(value).toBeCloseTo(0.5 * one["lora_unet_b"]![i]!, 5));
  });

  test.each(methods)("%s gives the same bytes for the same seed", async (method) => {
    const bytes = async (): Promise<Uint8Array[]> => {
      const { file } = await combined(
        [
          [FIRST, 0.5],
          [SECOND, 2],
        ],
        { method, seed: 3 },
      );
      return Promise.all([...file.tensors.values()].map((tensor) => tensor.bytes()));
    };
    expect(await bytes()).toEqual(await bytes());
  });
});

test("with the ranks for it, entries are merged exactly: the sum of what is trimmed", async () => {
  const { report, file } = await combined(
    [
      [FIRST, 1],
      [SECOND, 1],
    ],
    { method: "magnitude_prune", density: 1, rank: 99 },
  );
  const sum = await combined([
    [FIRST, 1],
    [SECOND, 1],
  ]);
  // Rows are made in f32: an error of some ulps of each term.
  expect((await verify(sum.file, file, { tolerance: 1e-5 })).passed).toBe(true);
  expect(report.distanceFromSum).toBeLessThan(1e-5);
});

test("how far a method goes from the sum is told apart from what truncation costs", async () => {
  const { report } = await combined(
    [
      [FIRST, 1],
      [SECOND, 1],
    ],
    { method: "ties", density: 0.3 },
  );
  expect(report.distanceFromSum).toBeGreaterThan(report.relativeErrorFrobenius!);
  const whole = await combined(
    [
      [FIRST, 1],
      [SECOND, 1],
    ],
    { method: "ties", density: 0.3, error: 0.05 },
  );
  expect(whole.report.relativeErrorFrobenius).toBeLessThan(0.05);
});

test("interference: the same adapter twice is parallel, its opposite takes all of it away", async () => {
  const { report } = await combined([
    [FIRST, 1],
    [FIRST, 1],
  ]);
  expect(report.interference).toEqual([
    {
      a: 0,
      b: 1,
      modules: 3,
      cosine: expect.closeTo(1, 9),
      outputOverlap: expect.closeTo(1, 6),
      inputOverlap: expect.closeTo(1, 6),
    },
  ]);
  expect(report.inputs.map(({ response }) => response)).toEqual([expect.closeTo(2, 9), expect.closeTo(2, 9)]);
  expect(report.modules[0]).toMatchObject({ ranks: [4, 4], predictedLoss: expect.closeTo(0, 6) as number });
  const gone = await combined([
    [FIRST, 1],
    [FIRST, -1],
  ]);
  expect(gone.report.dropped.map(({ name }) => name)).toEqual(["lora_unet_a", "lora_unet_b", "lora_unet_c"]);
  expect(gone.report.inputs[0]!.response).toBeCloseTo(0, 9);
});

test("names, alphas and origin: the dialect of the first, alpha = rank, and what it was made of", async () => {
  const { file, report } = await combined(
    [
      [FIRST, 0.7],
      [SECOND, 0.3],
    ],
    { method: "svd", rank: 2 },
  );
  const { modules } = await readAdapter(file);
  expect(modules.map(({ scale }) => scale)).toEqual([1, 1, 1, 1]);
  expect(file.metadata.get("note")).toBe("x");
  expect(JSON.parse(file.metadata.get("combine_params")!)).toEqual({
    method: "svd",
    rank: 2,
    adapters: [
      { name: "made.safetensors", weight: 0.7 },
      { name: "made.safetensors", weight: 0.3 },
    ],
  });
  expect(report).toMatchObject({
    method: { id: "svd", compat: null },
    output: { dialect: "kohya", dtype: "f32" },
  });
});

describe("other dialects", () => {
  const dotted = (entries: Readonly<Record<string, MadeModule>>): TensorFile => {
    const { tensors } = kohyaFile(entries);
    const renamed = [...tensors].map(
      ([name, tensor]) => [name.replace("lora_down", "lora_A").replace("lora_up", "lora_B"), tensor] as const,
    );
    return tensorFile({ name: "dotted.safetensors", tensors: renamed });
  };
  const D: MadeModule = { out: 6, in: 5, rank: 2 };
  const diffusers = dotted({ "unet.down_blocks.0.to_q": D, "unet.down_blocks.0.to_k": D });
  const kohya = kohyaFile({ lora_unet_down_blocks_0_to_q: { ...D, alpha: 1 } });

  test("modules that only the other has get names of the first", async () => {
    const { file } = await combined([
      [kohya, 1],
      [diffusers, 1],
    ]);
    const names = Object.keys(await updates(file));
    expect(names).toEqual(["lora_unet_down_blocks_0_to_q", "lora_unet_down_blocks_0_to_k"]);
    expect([...file.tensors.keys()].filter((name) => name.includes("to_k"))).toEqual([
      "lora_unet_down_blocks_0_to_k.lora_down.weight",
      "lora_unet_down_blocks_0_to_k.lora_up.weight",
      "lora_unet_down_blocks_0_to_k.alpha",
    ]);
    const back = await combined([
      [diffusers, 1],
      [kohya, 1],
    ]);
    expect(await verify(file, back.file, { tolerance: 1e-5 })).toMatchObject({ passed: true });
  });

  test("a name that cannot be spelled is refused, with the way out", async () => {
    const more = kohyaFile({ lora_unet_down_blocks_0_to_q: D, lora_unet_other_layer: D });
    await expect(
      combined([
        [diffusers, 1],
        [more, 1],
      ]),
    ).rejects.toMatchObject({
      code: "UNSUPPORTED",
      message: "lora_unet_other_layer has no name in diffusers: dotted.safetensors has dots in its names",
    });
    const encoder = dotted({ "unet.down_blocks.0.to_q": D, "text_encoder.layers.0.q": D });
    await expect(
      combined([
        [kohya, 1],
        [encoder, 1],
      ]),
    ).rejects.toThrow("has no module of te1");
  });

  test("PEFT's configuration names the modules of all", async () => {
    const config = (target: string): string =>
      JSON.stringify({ lora_alpha: 4, peft_type: "LORA", r: 2, target_modules: [target] });
    const peft = (target: string): TensorFile => {
      const { tensors } = dotted({ [`base_model.model.layers.0.${target}`]: D });
      return tensorFile({
        name: `${target}.safetensors`,
        tensors,
        sidecars: [["adapter_config.json", config(target)]],
      });
    };
    const { file, report } = await combined([
      [peft("q"), 1],
      [peft("v"), 3],
    ]);
    const written = JSON.parse(file.sidecars.get("adapter_config.json")!) as Record<string, unknown>;
    expect(written).toMatchObject({ r: 2, lora_alpha: 2, target_modules: ["layers.0.q", "layers.0.v"] });
    const found = await updates(file);
    const expected = denseUpdate({ ...D, alpha: 4 }, 1);
    found["base_model.model.layers.0.v"]!.forEach((value, i) =>
      expect(value).toBeCloseTo(3 * expected.data[i]!, 5),
    );
    expect(report.warnings).toEqual(["q.safetensors and v.safetensors change no weight in common"]);
  });
});

describe("as PEFT does it", () => {
  const even = kohyaFile({ lora_unet_a: { ...A, alpha: 1 } });

  test.each(Object.keys(PEFT_COMBINATIONS))("%s goes through, at a scale of 1", async (method) => {
    const prunes = !["cat", "linear", "svd"].includes(method);
    const options = { method, compat: "peft", density: prunes ? 0.5 : undefined } as const;
    const { file, report } = await combined(
      [
        [even, 1],
        [even, -0.5],
      ],
      options,
    );
    expect((await readAdapter(file)).modules.map(({ scale, rank }) => [scale, rank])).toEqual([
      [1, method === "cat" ? 8 : 4],
    ]);
    expect(report.method.compat).toBe("peft");
  });

  test("factors merged apart are no sum, and that is said", async () => {
    const other = kohyaFile({ lora_unet_b: B, lora_unet_a: { ...A, alpha: 1 } });
    const { report } = await combined(
      [
        [even, 1],
        [other, 1],
      ],
      { method: "linear", compat: "peft" },
    );
    expect(report.distanceFromSum).toBeGreaterThan(0.1);
    expect(report.warnings).toContainEqual(expect.stringContaining("cross terms"));
    const exact = await combined(
      [
        [even, 1],
        [other, 1],
      ],
      { method: "svd", rank: 8, compat: "peft" },
    );
    expect(exact.report.distanceFromSum).toBeLessThan(1e-6);
  });
});

test("Σ wᵢ·ΔWᵢ is kept by every rank and sign", async () => {
  const size = fc.integer({ min: 1, max: 6 });
  const weight = fc.double({ min: -2, max: 2, noNaN: true }).filter((value) => Math.abs(value) > 0.01);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ rank: size, weight }), { minLength: 1, maxLength: 3 }),
      async (list) => {
        const files = list.map(({ rank }) => kohyaFile({ lora_unet_a: { ...A, rank } }));
        const { file } = await combined(files.map((each, i) => [each, list[i]!.weight] as const));
        const found = (await updates(file))["lora_unet_a"] ?? new Array<number>(80).fill(0);
        const dense = list.map(({ rank }) => denseUpdate({ ...A, rank }, 1).data);
        const expected = found.map((_, i) =>
          list.reduce((sum, one, j) => sum + one.weight * dense[j]![i]!, 0),
        );
        const scale = list.reduce((sum, one, j) => sum + Math.abs(one.weight) * Math.hypot(...dense[j]!), 0);
        expect(Math.hypot(...found.map((value, i) => value - expected[i]!))).toBeLessThan(1e-6 * scale);
      },
    ),
    { numRuns: 20, seed: 4 },
  );
});

describe("what is refused", () => {
  const other = (tensor: string): TensorFile =>
    tensorFile({
      name: "other.safetensors",
      tensors: [...FIRST.tensors, [tensor, tensorOfValues([1], "f32", [1])]],
    });

  test.each([
    [
      "DoRA",
      "lora_unet_a.dora_scale",
      "an adapter cannot be combined that has this beside its factors: DoRA magnitude",
    ],
    ["lora_bias", "lora_unet_a.lora_up.bias", "bias of the low-rank path (lora_bias)"],
    ["LoKr", "lora_unet_q.lokr_w1", "LoKr: not handled yet"],
  ])("%s, by the tensor", async (_, tensor, message) => {
    await expect(
      combined([
        [FIRST, 1],
        [other(tensor), 1],
      ]),
    ).rejects.toMatchObject({
      code: "UNSUPPORTED",
      message: expect.stringContaining(message) as string,
      facts: { file: "other.safetensors", tensor },
    });
  });

  const two = [
    [FIRST, 1],
    [SECOND, 1],
  ] as const;
  test.each([
    [
      "a weight that is no number",
      [[FIRST, Number.NaN]],
      {},
      "the weight of an adapter is NaN, and no finite number",
    ],
    ["no weights", [[FIRST, 0]], {}, "there is nothing to combine: no adapter has a weight other than 0"],
    ["rank 0", two, { rank: 0 }, "the rank must be a whole number above 0, and is 0"],
    ["an error of 1", two, { error: 1 }, "the error must be at least 0 and below 1, and is 1"],
    ["a quantile of 2", two, { svdClamp: 2 }, "the quantile to clamp at must be from 0 to 1, and is 2"],
    ["clamping by default", two, { svdClamp: 0.99 }, "clamping is only for compat peft"],
    ["a rank for cat", two, { method: "cat", rank: 3 }, "cat keeps all ranks: use svd to limit them"],
    [
      "three for slerp",
      [...two, [FIRST, 1]],
      { method: "slerp" },
      "slerp takes 2 adapters at most, and 3 are given: use karcher",
    ],
    ["PEFT's own names by default", two, { method: "ties_svd" }, "no method of combining is called ties_svd"],
    ["della as PEFT does it", two, { method: "della", compat: "peft" }, "PEFT has no combination type della"],
    [
      "an error as PEFT does it",
      two,
      { compat: "peft", error: 0.1 },
      "PEFT chooses no ranks by error: give --rank",
    ],
    [
      "a window as PEFT does it",
      two,
      { compat: "peft", epsilon: 0.1 },
      "PEFT has neither della nor breadcrumbs",
    ],
    [
      "a rank for linear as PEFT does it",
      two,
      { compat: "peft", rank: 2 },
      "PEFT's linear has the rank of its adapters",
    ],
  ] as const)("%s", async (_, inputs, options, message) => {
    await expect(combined(inputs, options)).rejects.toThrow(message);
  });

  test("updates of other shapes", async () => {
    const wide = kohyaFile({ lora_unet_a: { ...A, in: 9 } });
    await expect(
      combined([
        [FIRST, 1],
        [wide, 1],
      ]),
    ).rejects.toThrow("updates of one weight differ in shape: 10 × 8 and 10 × 9");
  });

  test("a report before the file is written", async () => {
    const output = await combine([{ file: FIRST, weight: 1 }], { method: "linear" });
    expect(() => output.report({ path: "x", bytes: 0 })).toThrow(
      "the report was asked for before the combined module lora_unet_a was written",
    );
  });
});
