import { tensorOfBytes } from "@lora/tensor";
import { describe, expect, test } from "vitest";
import convolutions from "./convolution.golden.json" with { type: "json" };
import { ConvolutionLayer } from "./convolution.ts";
import type { ConvolutionOptions } from "./convolution.ts";
import { dora } from "./dora.ts";
import embeddings from "./embedding.golden.json" with { type: "json" };
import { EmbeddingLayer } from "./embedding.ts";
import { adapterTensors, dense, expectClose, lazy } from "./goldens.test-helper.ts";
import type { Stored, StoredTensors } from "./goldens.test-helper.ts";
import halves from "./half.golden.json" with { type: "json" };
import { HfConv1dLayer } from "./hf-conv1d.ts";
import linears from "./linear.golden.json" with { type: "json" };
import { LinearLayer } from "./linear.ts";
import type { LoraLayer } from "./lora-layer.ts";
import { plain } from "./plain.ts";
import several from "./several.golden.json" with { type: "json" };

/** One layer with one adapter, and what PEFT makes of it. */
interface Case {
  readonly name: string;
  readonly kind?: string;
  readonly weight: Stored;
  readonly bias: Stored | null;
  readonly tensors: StoredTensors;
  readonly alpha: number;
  readonly rsLora: boolean;
  readonly variant: string;
  readonly options?: object;
  readonly x: Stored;
  readonly scale: number;
  readonly y: Stored;
  readonly delta?: Stored;
  readonly merged?: Stored;
  readonly mergedBias?: Stored;
}

const TOLERANCE = 1e-11; // inputs are exact and results have 13 digits

async function layerOf(made: Case, kind: string): Promise<LoraLayer> {
  const weights = { weight: lazy(made.weight), bias: made.bias === null ? undefined : lazy(made.bias) };
  const layer = newLayer(weights, kind, made.options);
  await layer.load();
  const { alpha, rsLora } = made;
  const variant = made.variant === "dora" ? dora : plain;
  layer.addAdapter("default", { tensors: adapterTensors(made.tensors), alpha, rsLora, variant });
  layer.setAdapters(["default"]);
  return layer;
}

function newLayer(
  weights: ConstructorParameters<typeof LinearLayer>[0],
  kind: string,
  options = {},
): LoraLayer {
  if (kind === "embedding") return new EmbeddingLayer(weights, options);
  if (kind === "convolution") return new ConvolutionLayer(weights, optionsOf(options));
  return kind === "hf-conv1d" ? new HfConv1dLayer(weights) : new LinearLayer(weights);
}

function optionsOf(options: ConvolutionOptions & { readonly padding_mode?: string }): ConvolutionOptions {
  return { ...options, paddingMode: options.padding_mode as ConvolutionOptions["paddingMode"] };
}

const cases = [
  ...(linears as Case[]).map((made) => [made.name, made, made.kind ?? "linear"] as const),
  ...(embeddings as Case[]).map((made) => [made.name, made, "embedding"] as const),
  ...(convolutions.adapted as Case[]).map((made) => [made.name, made, "convolution"] as const),
];

describe("as PEFT 0.21", () => {
  test.each(cases)("%s: forward, ΔW, merge and unmerge", async (_, made, kind) => {
    const layer = await layerOf(made, kind);
    expect(layer.adapters.get("default")?.scale).toBeCloseTo(made.scale, 14);
    expectClose(layer.forward(dense(made.x)), made.y, TOLERANCE);
    if (made.delta !== undefined) expectClose(layer.deltaWeight("default"), made.delta, TOLERANCE);
    if (made.merged === undefined) return;
    const before = layer.weight.bytes;
    layer.merge({ safe: true });
    expectClose({ shape: layer.weight.shape, data: layer.weight.values() }, made.merged, TOLERANCE);
    if (made.mergedBias !== undefined) {
      expectClose({ shape: made.mergedBias.shape, data: layer.bias!.values() }, made.mergedBias, TOLERANCE);
    }
    expectClose(layer.forward(dense(made.x)), made.y, TOLERANCE);
    expect(layer.unmerge()).toEqual({ exact: true, maxError: 0 });
    expect(layer.weight.bytes).toEqual(before);
  });

  test.each(halves.map((made) => [made.name, made] as const))("%s: the bits of W′", async (_, made) => {
    const dtype = made.dtype as "bf16" | "f16";
    const weight = tensorOfBytes(new Uint8Array(Uint16Array.from(made.weight).buffer), dtype, made.shape);
    const layer = new LinearLayer({ weight });
    await layer.load();
    const stored = adapterTensors(made.tensors);
    const as = made.factors as "f32" | "bf16" | "f16";
    const single = (part: "down" | "up"): (typeof stored)["down"] => ({
      ...stored[part],
      dtype: as,
      data: Float32Array.from(stored[part].data),
    });
    layer.addAdapter("a", {
      tensors: { down: single("down"), up: single("up") },
      alpha: made.alpha,
      roundUpdate: true,
    });
    layer.merge({ adapters: ["a"], safe: made.safe });
    const { buffer } = layer.weight.bytes.slice();
    expect([...new Uint16Array(buffer)]).toEqual(made.merged);
  });

  test.each(several.map((made) => [made.name, made] as const))(
    "two adapters at once, %s",
    async (_, made) => {
      const layer = new LinearLayer({ weight: lazy(made.weight), bias: lazy(made.bias) });
      await layer.load();
      for (const { name, alpha, variant, tensors } of made.adapters) {
        const stored = adapterTensors(tensors);
        layer.addAdapter(name, { tensors: stored, alpha, variant: variant === "dora" ? dora : plain });
      }
      layer.setAdapters(["default", "other"]);
      expectClose(layer.forward(dense(made.x)), made.y, TOLERANCE);
      if (made.mixed !== undefined) {
        const adapterNames = made.mixed.names;
        expectClose(layer.forward(dense(made.x), { adapterNames }), made.mixed.y, TOLERANCE);
      }
      layer.merge();
      expectClose({ shape: layer.weight.shape, data: layer.weight.values() }, made.merged, TOLERANCE);
      expectClose(layer.forward(dense(made.x)), made.y, TOLERANCE);
    },
  );
});

test.each(convolutions.plain.map((made) => [made.name, made] as const))(
  "torch's convolution with %s",
  async (_, made) => {
    const layer = newLayer({ weight: lazy(made.weight), bias: lazy(made.bias) }, "convolution", made.options);
    await layer.load();
    expectClose(layer.forward(dense(made.x)), made.y, TOLERANCE);
  },
);
