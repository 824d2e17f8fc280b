import { referenceEngine } from "@lora/linalg";
import { describe, expect, test } from "vitest";
import { alora, aloraOffsets } from "./alora.ts";
import { arrow } from "./arrow.ts";
import attentions from "./attention.golden.json" with { type: "json" };
import { bdLora } from "./bdlora.ts";
import experts from "./experts.golden.json" with { type: "json" };
import { ExpertsLayer } from "./experts.ts";
import { adapterTensors, dense, expectClose, lazy } from "./goldens.test-helper.ts";
import type { Stored } from "./goldens.test-helper.ts";
import { kasa, kasaBase } from "./kasa.ts";
import { asRows } from "./layer-adapter.ts";
import { LinearLayer } from "./linear.ts";
import { MultiheadAttentionLayer } from "./multihead-attention.ts";
import { qalora } from "./qalora.ts";
import { mica, monteclora, velora } from "./same-as-plain.ts";
import golden from "./variants.golden.json" with { type: "json" };
import type { Variant } from "./variant.ts";

const TOLERANCE = 1e-11; // inputs are exact and results have 13 digits

type Case = (typeof golden.cases)[number];

function caseOf(name: string): Case {
  return golden.cases.find((made) => made.name === name)!;
}

async function layerOf(made: Case, variant: Variant, weight: Stored = made.weight): Promise<LinearLayer> {
  const layer = new LinearLayer({ weight: lazy(weight), bias: lazy(made.bias) });
  await layer.load();
  layer.addAdapter("default", {
    tensors: adapterTensors(made.tensors),
    alpha: made.alpha,
    variant,
  });
  layer.setAdapters(["default"]);
  return layer;
}

function weightOf(layer: { weight: LinearLayer["weight"] }): ReturnType<typeof dense> {
  return { shape: layer.weight.shape, data: layer.weight.values() };
}

describe("as PEFT 0.21", () => {
  test.each([
    ["a", "down"],
    ["b", "up"],
  ] as const)("BD-LoRA with blocks in %s: forward and merge", async (side, factor) => {
    const made = caseOf(`bdlora ${side}`);
    const layer = await layerOf(made, bdLora({ factor, blocks: 2 }));
    expectClose(layer.forward(dense(made.x)), made.y, TOLERANCE);
    layer.merge({ safe: true });
    expectClose(weightOf(layer), made.merged!, TOLERANCE);
  });

  test.each([
    ["mica", mica],
    ["velora", velora],
    ["monteclora", monteclora],
  ] as const)("%s acts and merges as LoRA does", async (name, variant) => {
    const made = caseOf(name);
    const layer = await layerOf(made, variant);
    expectClose(layer.forward(dense(made.x)), made.y, TOLERANCE);
    layer.merge({ safe: true });
    expectClose(weightOf(layer), made.merged!, TOLERANCE);
  });

  test("QALoRA: A acts on means of groups, and merged on all of their inputs", async () => {
    const made = caseOf("qalora");
    const layer = await layerOf(made, qalora(made.groupSize!));
    expectClose(layer.forward(dense(made.x)), made.y, TOLERANCE);
    layer.merge({ safe: true });
    expectClose(layer.forward(dense(made.x)), made.y, TOLERANCE);
  });

  test("KaSA: base, forward and merge", async () => {
    const made = caseOf("kasa");
    const base = kasaBase(asRows(dense(made.weight), made.weight.shape[0]!), 2, { engine: referenceEngine });
    // PEFT takes the SVD in singles, whose rounding is divided by the gap between the values that stay and go.
    expectClose({ shape: made.weight.shape, data: base.data }, made.truncated!, 1e-4);
    const layer = await layerOf(made, kasa, made.truncated);
    expectClose(layer.forward(dense(made.x)), made.y, TOLERANCE);
    layer.merge({ safe: true });
    expectClose(weightOf(layer), made.merged!, TOLERANCE);
  });

  test("aLoRA acts on the last tokens of each sample", async () => {
    const made = caseOf("alora");
    const layer = await layerOf(made, alora);
    expectClose(layer.forward(dense(made.x), { offsets: made.offsets! }), made.y, TOLERANCE);
    const base = layer.forward(dense(made.x), { adapterNames: ["__base__", "__base__"] });
    expect(layer.forward(dense(made.x))).toEqual(base);
  });

  test("aLoRA counts from the start of the last invocation", () => {
    const { rows, tokens, offsets } = golden.offsets;
    expect(aloraOffsets(rows, tokens)).toEqual(offsets);
  });

  test("Arrow routes each token to the adapters it is most like, general knowledge taken off", async () => {
    const { experts: stored, scaling, topK, temperature, x, y } = golden.arrow;
    const zeros = { shape: [5, 6], data: Array.from({ length: 30 }, () => 0) };
    const layer = new LinearLayer({ weight: lazy(zeros) });
    await layer.load();
    for (const [name, tensors] of Object.entries(stored)) {
      const alpha = 2 * scaling[name as keyof typeof scaling];
      layer.addAdapter(name, { tensors: adapterTensors(tensors), alpha });
    }
    const router = arrow({ experts: ["a", "b", "c"], general: ["g", "h"], topK, temperature });
    layer.addAdapter("router", { tensors: adapterTensors(stored.a), alpha: 1, variant: router });
    layer.setAdapters(["router"]);
    expectClose(layer.forward(dense(x)), y, TOLERANCE);
  });

  test("Arrow with a router of PEFT's own making: prototypes, general knowledge, shares", async () => {
    const { adapters, topK, temperature, x, y, ...base } = golden.router;
    const layer = new LinearLayer({ weight: lazy(base.weight), bias: lazy(base.bias) });
    await layer.load();
    for (const [name, { alpha, tensors }] of Object.entries(adapters)) {
      layer.addAdapter(name, { tensors: adapterTensors(tensors), alpha });
    }
    const names = { experts: ["task_0", "task_1", "task_2"], general: ["gks_0", "gks_1"] };
    const variant = arrow({ ...names, topK, temperature });
    layer.addAdapter("router", { tensors: adapterTensors(adapters.task_0.tensors), alpha: 1, variant });
    layer.setAdapters(["router"]);
    // PEFT finds the prototypes in singles: some tens of their roundings, 6e-8 each.
    expectClose(layer.forward(dense(x)), y, 3e-6);
  });

  test.each(experts.map((made) => [made.name, made] as const))("experts stored as %s", async (_, made) => {
    const layer = new ExpertsLayer({ weight: lazy(made.weight) }, { transposed: made.transposed });
    await layer.load();
    layer.addAdapter("default", { tensors: adapterTensors(made.tensors), alpha: made.alpha });
    layer.setAdapters(["default"]);
    expectClose(layer.forward(dense(made.x)), made.y, TOLERANCE);
    expectClose(layer.deltaWeight("default"), made.delta, TOLERANCE);
    const size = made.delta.data.length / 3;
    const norm = Math.hypot(...made.delta.data.slice(size, 2 * size));
    expect(layer.expertDelta("default", 1).frobeniusNorm()).toBeCloseTo(norm, 11);
    layer.merge({ safe: true });
    expectClose(weightOf(layer), made.merged, TOLERANCE);
    expectClose(layer.forward(dense(made.x)), made.y, TOLERANCE);
  });
});

describe.each(attentions.map((made) => [made.name, made] as const))("%s-attention", (_, made) => {
  async function attentionOf(times: number): Promise<MultiheadAttentionLayer> {
    const [inner, outer] = [made.in, made.out].map((part) => ({
      weight: lazy(part.weight),
      bias: lazy(part.bias),
    }));
    const { heads, batchFirst } = made;
    const layer = new MultiheadAttentionLayer(inner!, outer!, { heads, batchFirst });
    for (const [part, stored, repeats] of [
      [layer.inProjection, made.in, 1],
      [layer.outProjection, made.out, times],
    ] as const) {
      await part.load();
      part.addAdapter("default", {
        tensors: adapterTensors(stored.tensors),
        alpha: made.alpha,
        times: repeats,
      });
      part.setAdapters(["default"]);
    }
    return layer;
  }

  const seen = {
    key: dense(made.key),
    value: dense(made.value),
    hidden: made.paddingMask ?? undefined,
    mask:
      made.mask === null
        ? undefined
        : { rows: 4, cols: 5, data: Float64Array.from(made.mask.flat().map((value) => value ?? -Infinity)) },
  };

  test("each update acts once", async () => {
    const layer = await attentionOf(1);
    expectClose(layer.forward(dense(made.x), seen).y, made.once.y, TOLERANCE);
    for (const [, part] of layer.parts) part.merge({ safe: true });
    expectClose(weightOf(layer.inProjection), made.once.in, TOLERANCE);
    expectClose(weightOf(layer.outProjection), made.once.out, TOLERANCE);
    expectClose(layer.forward(dense(made.x), seen).y, made.once.y, TOLERANCE);
  });

  test("as PEFT 0.21 where asked: the update of the output twice", async () => {
    const layer = await attentionOf(2);
    const { y, weights } = layer.forward(dense(made.x), seen);
    expectClose(y, made.twice.y, TOLERANCE);
    expectClose(weights, made.twice.weights, TOLERANCE);
    layer.outProjection.merge();
    expectClose(weightOf(layer.outProjection), made.twice.out, TOLERANCE);
  });
});
