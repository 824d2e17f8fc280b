import { randomMatrix } from "@lora/linalg";
import type { LazyTensor } from "@lora/tensor";
import { tensorOfValues } from "@lora/tensor";
import { describe, expect, test } from "vitest";
import type { LoraConfigOptions } from "../config/lora-config-options.ts";
import { loraConfig } from "../config/resolve-lora-config.ts";
import { denseTensor, typedTensor } from "../layers/dense-tensor.ts";
import type { DenseTensor, TypedTensor } from "../layers/dense-tensor.ts";
import { largestDifference } from "../layers/goldens.test-helper.ts";
import golden from "../layers/variants.golden.json" with { type: "json" };
import type { AdapterPlace, InitialAdapter, Initialise } from "./adapter-place.ts";
import { LoraModel } from "./lora-model.ts";

const random = (shape: readonly number[], seed: number): TypedTensor => {
  const count = shape.reduce((product, size) => product * size, 1);
  return typedTensor({ shape, data: randomMatrix(count, 1, seed).data });
};
const stored = (shape: readonly number[], seed: number): LazyTensor =>
  tensorOfValues(random(shape, seed).data, "f64", shape);
const x = random([3, 6], 1);

/** Two layers of 6 × 6, tied to each other when asked. */
function model(tied = false): LoraModel {
  const weight = stored([6, 6], 2);
  return new LoraModel([
    ["q", { kind: "linear", weight }],
    ["v", { kind: "linear", weight: tied ? weight : stored([6, 6], 3) }],
  ]);
}

const factors = ({ shapes }: Pick<AdapterPlace, "shapes">, seed: number): InitialAdapter => ({
  down: random(shapes.down, seed),
  up: random(shapes.up, seed + 1),
});
const start =
  (seed: number): Initialise =>
  (place) =>
    factors(place, seed);

async function withAdapters(...given: readonly (readonly [string, LoraConfigOptions])[]): Promise<LoraModel> {
  const made = model();
  for (const [i, [name, options]] of given.entries()) {
    await made.addAdapter(
      name,
      loraConfig({ r: 2, lora_alpha: 3, target_modules: ["q", "v"], ...options }),
      start(10 * (i + 1)),
    );
  }
  return made;
}

function expectSame(found: DenseTensor, wanted: DenseTensor): void {
  expect(largestDifference(found.data, wanted.data)).toBeLessThan(1e-13);
}

describe("adapters come and go", () => {
  test("the first is active, others when they are asked for; several add up", async () => {
    const made = await withAdapters(["a", {}], ["b", {}]);
    expect(made.activeAdapters).toEqual(["a"]);
    const [plain, a] = [await model().forward("q", x), await made.forward("q", x)];
    made.setAdapters(["b"]);
    const b = await made.forward("q", x);
    made.setAdapters(["a", "b"]);
    const sum = denseTensor(
      a.shape,
      a.data.map((value, i) => value + b.data[i]! - plain.data[i]!),
    );
    expectSame(await made.forward("q", x), sum);
  });

  test("deleting the active adapter makes the first of the others active, in alphabetical order", async () => {
    const made = await withAdapters(["c", {}], ["b", {}], ["a", { target_modules: ["q"] }]);
    made.deleteAdapter("c");
    expect(made.activeAdapters).toEqual(["a"]);
    made.deleteAdapter("a");
    made.deleteAdapter("b");
    expect(made.layerStatus()).toEqual([]);
    expectSame(await made.forward("q", x), await model().forward("q", x));
  });

  test("each sample of a batch goes through its own adapter, DoRA too", async () => {
    const made = await withAdapters(["a", {}], ["b", { use_dora: true }]);
    const mixed = await made.forward("q", x, { adapterNames: ["b", "__base__", "a"] });
    const wanted: number[] = [];
    for (const [i, names] of [["b"], [], ["a"]].entries()) {
      made.setAdapters(names);
      wanted.push(...(await made.forward("q", x)).data.subarray(6 * i, 6 * i + 6));
    }
    expect(largestDifference(mixed.data, wanted)).toBeLessThan(1e-13);
  });

  test("a change of adapters takes out what is merged", async () => {
    const made = await withAdapters(["a", {}], ["b", {}]);
    await made.merge();
    made.setAdapters(["b"]);
    expect(made.mergedAdapters).toEqual([]);
  });
});

describe("scales", () => {
  const scaleOf = (made: LoraModel): number => made.layer("q").adapters.get("a")!.scale;

  test("are set, multiplied, divided and reset as in PEFT", async () => {
    const made = await withAdapters(["a", { use_rslora: true }]);
    const first = 3 / Math.SQRT2;
    expect(scaleOf(made)).toBe(first);
    made.setScale("a", 10);
    expect(scaleOf(made)).toBe(10 * first);
    made.scaleBy(0.5);
    made.unscale(2);
    expect(scaleOf(made)).toBe(2.5 * first);
    made.unscale();
    expect(scaleOf(made)).toBe(first);
  });

  test("DoRA's norms follow the scale", async () => {
    const made = await withAdapters(["a", { use_dora: true }]);
    await made.forward("q", x);
    made.setScale("a", 2);
    const y = await made.forward("q", x);
    await made.merge();
    expectSame(await made.forward("q", x), y);
  });
});

describe("base weights", () => {
  test("DoRA starts with the norms of W + ΔW, and then does nothing", async () => {
    const [plain, made] = [await withAdapters(["a", {}]), await withAdapters(["a", { use_dora: true }])];
    expectSame(await made.forward("q", x), await plain.forward("q", x));
  });

  test("KaSA takes components off the base, and gives them back when it leaves", async () => {
    const made = model();
    const config = loraConfig({ r: 2, lora_alpha: 3, target_modules: ["q"], kasa_config: {} });
    await made.addAdapter("a", config, ({ shapes }) => ({
      down: random(shapes.down, 1),
      up: typedTensor(denseTensor(shapes.up, new Float64Array(12))),
      diagonal: random([2], 2),
    }));
    const plain = await model().forward("q", x);
    expect(largestDifference((await made.forward("q", x)).data, plain.data)).toBeGreaterThan(1e-3);
    made.deleteAdapter("a");
    expectSame(await made.forward("q", x), plain);
  });

  test("an initialiser may leave another base, which goes with the adapter", async () => {
    const made = model();
    const config = loraConfig({ target_modules: ["q"], r: 1 });
    await made.addAdapter("a", config, (place) => ({ ...factors(place, 1), base: new Float64Array(36) }));
    const { tensors } = made.unload();
    expect(await tensors.get("q.weight")!.bytes()).toEqual(await stored([6, 6], 2).bytes());
  });

  test("merging into one of two tied weights unties them, and says so", async () => {
    const made = model(true);
    await made.addAdapter("a", loraConfig({ target_modules: ["q"], r: 1 }), start(1));
    expect((await made.mergeAndUnload()).untied).toEqual(["q.weight", "v.weight"]);
  });

  test("where one layer refuses a merge, no layer is changed", async () => {
    const made = model();
    await made.addAdapter("a", loraConfig({ target_modules: ["q", "v"], r: 1 }), ({ path, shapes }) => {
      const up = random(shapes.up, 2);
      return {
        down: random(shapes.down, 1),
        up: path === "v" ? { ...up, data: up.data.map(() => Number.NaN) } : up,
      };
    });
    await expect(made.merge({ safe: true })).rejects.toMatchObject({
      code: "NUMERIC",
      facts: { module: "v" },
    });
    expect(made.mergedAdapters).toEqual([]);
    expect(made.layer("q").mergedAdapters).toEqual([]);
  });
});

test("replicated layers have adapters of their own, and weights of their own once merged", async () => {
  const weights = [stored([6, 6], 2), stored([6, 6], 3)];
  const made = new LoraModel(weights.map((weight, i) => [`layers.${i}.q`, { kind: "linear", weight }]));
  const layers: readonly (readonly [number, number])[] = [
    [0, 2],
    [0, 1],
  ];
  const config = loraConfig({ r: 2, target_modules: ["q"], layer_replication: layers });
  await made.addAdapter("a", config, (place) => factors(place, place.path.length + Number(place.path[7])));
  await made.addAdapter("b", config, (place) => factors(place, 1));
  expect(made.layerStatus().map(({ name }) => name)).toEqual(["layers.0.q", "layers.1.q", "layers.2.q"]);
  const [first, last] = [await made.forward("layers.0.q", x), await made.forward("layers.2.q", x)];
  expect(largestDifference(first.data, last.data)).toBeGreaterThan(1e-3);
  const { tensors, untied } = await made.mergeAndUnload();
  expect([...tensors.keys()]).toEqual(["layers.0.q.weight", "layers.1.q.weight", "layers.2.q.weight"]);
  expect(untied).toEqual(["layers.0.q.weight", "layers.2.q.weight"]);
  const merged = new LoraModel([["q", { kind: "linear", weight: tensors.get("layers.2.q.weight")! }]]);
  expectSame(await merged.forward("q", x), last);
});

test("the status tells what is in each layer, and of the model what all agree in", async () => {
  const made = await withAdapters(["a", {}], ["b", { target_modules: ["q"] }]);
  expect(made.layerStatus()).toEqual([
    {
      name: "q",
      kind: "linear",
      enabled: true,
      activeAdapters: ["a"],
      mergedAdapters: [],
      availableAdapters: ["a", "b"],
    },
    {
      name: "v",
      kind: "linear",
      enabled: true,
      activeAdapters: ["a"],
      mergedAdapters: [],
      availableAdapters: ["a"],
    },
  ]);
  made.layer("v").enabled = false;
  await made.layer("q").load();
  made.layer("q").merge();
  expect(made.modelStatus()).toEqual({
    adapterLayers: 2,
    enabled: "irregular",
    activeAdapters: ["a"],
    mergedAdapters: "irregular",
    availableAdapters: ["a", "b"],
    adapterParameters: 72,
    totalParameters: 144,
  });
});

test("a router sends tokens through the adapters that are there", async () => {
  const made = await withAdapters(["a", {}], ["b", {}]);
  made.addRouter("router", { experts: ["a", "b"], topK: 1 });
  made.setAdapters(["router"]);
  const routed = await made.forward("q", x);
  const alone: DenseTensor[] = [];
  for (const name of ["a", "b"]) {
    made.setAdapters([name]);
    alone.push(await made.forward("q", x));
  }
  for (let row = 0; row < 3; row++) {
    const [y, ...each] = [routed, ...alone].map(({ data }) => data.subarray(6 * row, 6 * row + 6));
    expect(Math.min(...each.map((one) => largestDifference(y!, one)))).toBeLessThan(1e-13);
  }
});

test("aLoRA's offsets are those of each sample's adapter", async () => {
  const made = await withAdapters(["a", { alora_invocation_tokens: [1, 2] }], ["b", {}]);
  const rows = [
    [1, 2, 3],
    [3, 1, 2],
    [1, 2, 1],
  ];
  expect(made.offsets(rows)).toEqual([3, 2, 3]);
  expect(made.offsets(rows, ["a", "b", "__base__"])).toEqual([3, null, null]);
});

test("aLoRA's offsets in a mixed batch are PEFT's", async () => {
  const made = await withAdapters(
    ["default", { alora_invocation_tokens: golden.offsets.tokens }],
    ["plain", {}],
  );
  const { rows, names, offsets, mixed } = golden.offsets;
  expect(made.offsets(rows)).toEqual(offsets);
  expect(made.offsets(rows, names)).toEqual(mixed);
});

test("an adapter filled with zeros to a higher rank does the same, at the same scale", async () => {
  const made = await withAdapters(["a", {}]);
  made.setScale("a", 3);
  const y = await made.forward("q", x);
  made.padAdapter("a", 5);
  expect(made.adapterTensors("a").get("base_model.model.q.lora_A.weight")!.shape).toEqual([5, 6]);
  expectSame(await made.forward("q", x), y);
});
