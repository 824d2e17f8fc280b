import { identity, wasmEngine, type Float64Matrix } from "@lora/linalg";
import { tensorFile, tensorOfValues, type Shape } from "@lora/tensor";
import { expect, test } from "vitest";
import type { AdapterModule } from "./adapter.ts";
import { failure } from "./files.test-helper.ts";
import { relativeDifference } from "./golden.test-helper.ts";
import older from "./kinds/older-oft.golden.json" with { type: "json" };
import { loadDelta } from "./load-delta.ts";
import golden from "./plain-delta.golden.json" with { type: "json" };
import { needsBase, plainDelta } from "./plain-delta.ts";
import { readAdapter } from "./reading/read-adapter.ts";

interface Stored {
  readonly shape: Shape;
  readonly values: readonly number[];
}

interface Case {
  readonly title: string;
  readonly config?: unknown;
  readonly tensors: Readonly<Record<string, Stored | undefined>>;
  readonly base: Stored;
  readonly delta: readonly number[];
}

const PEFT: readonly Case[] = golden.peft;
const OLDER: readonly Case[] = older;
const LYCORIS: readonly Case[] = golden.lycoris;

async function moduleOf({ tensors, config }: Omit<Case, "title" | "base" | "delta">): Promise<AdapterModule> {
  const adapter = await readAdapter(
    tensorFile({
      name: "adapter.safetensors",
      tensors: Object.entries(tensors).map(([name, stored]) => [
        name,
        tensorOfValues(stored!.values, "f64", stored!.shape),
      ]),
      sidecars: config === undefined ? [] : [["adapter_config.json", JSON.stringify(config)]],
    }),
  );
  return adapter.modules[0]!;
}

function flat({ shape: [rows = 0], values }: Stored): Float64Matrix {
  return { rows, cols: values.length / rows, data: Float64Array.from(values) };
}

const CASES = [
  ...PEFT.map((one) => ({ ...one, title: `PEFT: ${one.title}` })),
  ...OLDER.map((one) => ({ ...one, title: `PEFT ${one.title}` })),
  ...LYCORIS.map((one) => ({ ...one, title: `LyCORIS: ${one.title}` })),
];

test.each(CASES)("$title: what it changes is what PEFT, or the formula, gives", async (one) => {
  const [module, base] = [await moduleOf(one), flat(one.base)];
  expect(needsBase(module)).toBe(true);
  for (const engine of [undefined, wasmEngine()]) {
    const delta = await plainDelta(module, base, { engine });
    const expected = { ...base, data: Float64Array.from(one.delta) };
    const whole = delta.multiply(identity(base.cols));
    if (expected.data.every((value) => value === 0))
      expect(whole.data.every((value) => value === 0)).toBe(true);
    else expect(relativeDifference(whole, expected)).toBeLessThan(1e-13);
    expect([delta.rows, delta.cols]).toEqual([base.rows, base.cols]);
  }
});

const OFT = PEFT[0]!;
const DORA = PEFT.find(({ title }) => title === "DoRA")!;

test("what depends on a weight needs one", async () => {
  const error = await failure(async () => loadDelta(await moduleOf(OFT)));
  expect([error.code, error.message]).toEqual([
    "MISSING",
    "what OFT of PEFT changes depends on the weight it changes",
  ]);
  expect(error.advice).toMatch(/^needs --base/);
});

test("DoRA without a weight is its product; with its magnitudes it needs one", async () => {
  const module = await moduleOf(DORA);
  expect((await loadDelta(module)).maxRank).toBe(2);
  const error = await failure(() => plainDelta(module));
  expect([error.code, error.facts["module"]]).toEqual(["MISSING", module.name]);
});

test("GLoRA is a thin product once its weight is known", async () => {
  const one = LYCORIS.find(({ title }) => title === "GLoRA")!;
  const delta = await plainDelta(await moduleOf(one), flat(one.base));
  expect(delta.maxRank).toBe(4);
});

test("the singular values of a whole update say what is left out of it", async () => {
  const delta = await plainDelta(await moduleOf(OFT), flat(OFT.base));
  const { s } = delta.svd();
  expect(Math.hypot(...s)).toBeCloseTo(delta.frobeniusNorm(), 12);
  const others = delta.spectrum().s;
  expect(s.every((value, i) => Math.abs(value - others[i]!) < 1e-7 * s[0]!)).toBe(true);
});

test.each([
  [
    "a weight of another size",
    { "lora_unet_a.oft_blocks": [2, 2, 2] },
    [6, 5],
    "the module is for 4 outputs and any number of inputs, the weight is 6 × 5",
  ],
  [
    "a vector for nothing",
    { "lora_unet_a.weight": [3], "lora_unet_a.on_input": [] },
    [4, 5],
    "3 values scale the inputs of a weight of 4 × 5",
  ],
  [
    "scales for other outputs",
    { "lora_unet_a.oft_blocks": [2, 2, 2], "lora_unet_a.rescale": [3, 1] },
    [4, 5],
    "3 values are to multiply 4 outputs",
  ],
  [
    "old OFT of other inputs",
    { "base_model.model.a.oft_r": [1, 3, 3], "base_model.model.a.oft_s": [4, 1] },
    [4, 5],
    "5 inputs are no whole number of rotations of 3",
  ],
  [
    "a GLoRA of two shapes",
    { "base_model.model.a.glora_A.X": [4, 1], "base_model.model.a.glora_B.X": [3, 1] },
    [4, 5],
    "what a GLoRA multiplies with is 4 × 0, and what it adds 3 × 0",
  ],
  [
    "magnitudes for other outputs",
    { "lora_unet_a.diff": [4, 5], "lora_unet_a.dora_scale": [3, 1] },
    [4, 5],
    "the magnitudes are 3 × 1, and the module is for 4 × 5",
  ],
] as const)("%s is refused", async (_, shapes, [rows, cols], message) => {
  const tensors = Object.entries<Shape>(shapes).map(([name, shape]) => {
    const values = new Array<number>(shape.reduce((product, size) => product * size, 1)).fill(1);
    return [name, { shape, values }] as const;
  });
  const isOft = Object.keys(shapes).some((name) => name.endsWith("oft_r"));
  const config = { peft_type: isOft ? "OFT" : "GLORA" };
  const base = { rows, cols, data: new Float64Array(rows * cols).fill(1) };
  const error = await failure(async () =>
    plainDelta(await moduleOf({ tensors: Object.fromEntries(tensors), config }), base),
  );
  expect([error.code, error.message]).toEqual(["SHAPE", message]);
});

test("an output that is zero has no norm to be given", async () => {
  const module = await moduleOf({
    tensors: {
      "lora_unet_a.diff": { shape: [2, 5], values: new Array<number>(10).fill(0) },
      "lora_unet_a.dora_scale": { shape: [2, 1], values: [2, 2] },
    },
  });
  const error = await failure(() => plainDelta(module, { rows: 2, cols: 5, data: new Float64Array(10) }));
  expect([error.code, error.message]).toEqual([
    "NUMERIC",
    "output 0 of W + ΔW is zero, which no magnitude fits",
  ]);
});
