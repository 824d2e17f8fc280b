import { expect, test } from "vitest";
import { fileOf } from "../files.test-helper.ts";
import { readAdapter } from "../reading/read-adapter.ts";
import { rewriteAdapter } from "./rewrite-adapter.ts";
import { truncated } from "./truncated.test-helper.ts";

const CONFIG = "adapter_config.json";

test("kohya's metadata says the new ranks and alphas, or Dynamic; the rest stays, additions win", async () => {
  const metadata = { ss_network_dim: "3", ss_network_alpha: "4", ss_note: "x", ss_seed: "1" };
  const shapes = {
    "lora_unet_a.lora_down.weight": [3, 6],
    "lora_unet_a.lora_up.weight": [4, 3],
    "lora_unet_b.lora_down.weight": [3, 6],
    "lora_unet_b.lora_up.weight": [4, 3],
  };
  const adapter = await readAdapter(fileOf(shapes, { metadata }));
  const mixed = rewriteAdapter(adapter, truncated(adapter, { lora_unet_a: 2 }), {
    metadata: new Map([["ss_seed", "2"]]),
  });
  expect(Object.fromEntries(mixed.metadata)).toEqual({
    ss_network_dim: "Dynamic",
    ss_network_alpha: "Dynamic",
    ss_note: "x",
    ss_seed: "2",
  });
  const same = rewriteAdapter(adapter, truncated(adapter, { lora_unet_a: 2, lora_unet_b: 2 }));
  expect([same.metadata.get("ss_network_dim"), same.metadata.get("ss_network_alpha")]).toEqual(["2", "2"]);
  const dropped = rewriteAdapter(adapter, truncated(adapter, { lora_unet_b: 0 }));
  expect([dropped.tensors.size, dropped.metadata.get("ss_network_dim")]).toEqual([2, "3"]);
});

test.each([
  [false, 4],
  [true, 4 * Math.SQRT2],
])("PEFT's configuration is written as PEFT writes it (rsLoRA: %s)", async (rsLora, alpha) => {
  const config = {
    lora_alpha: 8,
    peft_type: "LORA",
    r: 4,
    rank_pattern: {},
    target_modules: ["q"],
    use_rslora: rsLora,
    z: 1,
  };
  const path = (layer: number): string => `base_model.model.layers.${layer}.q`;
  const shapes = Object.fromEntries(
    [0, 1, 2].flatMap((layer) => [
      [`${path(layer)}.lora_A.weight`, [4, 6]],
      [`${path(layer)}.lora_B.weight`, [5, 4]],
    ]),
  );
  const adapter = await readAdapter(
    fileOf(shapes, { sidecars: { [CONFIG]: JSON.stringify(config), other: "kept" } }),
  );
  const out = rewriteAdapter(adapter, truncated(adapter, { [path(0)]: 2, [path(1)]: 2 }, "f64"));
  const expected = {
    alpha_pattern: { "layers.2.q": 8 },
    lora_alpha: alpha,
    peft_type: "LORA",
    r: 2,
    rank_pattern: { "layers.2.q": 4 },
    target_modules: ["q"],
    use_rslora: rsLora,
    z: 1,
  };
  const text = out.sidecars.get(CONFIG)!;
  expect((JSON.parse(text) as typeof expected).lora_alpha).toBeCloseTo(alpha, 14);
  expect(JSON.parse(text)).toEqual({ ...expected, lora_alpha: expect.any(Number) as number });
  expect(Object.keys(JSON.parse(text) as object)).toEqual(Object.keys(expected));
  expect(text.startsWith('{\n  "alpha_pattern": {\n    "layers.2.q": 8\n  },\n')).toBe(true);
  expect(out.sidecars.get("other")).toBe("kept");
  const again = await readAdapter(out);
  expect(again.modules.map(({ rank }) => rank)).toEqual([2, 2, 4]);
  again.modules.forEach((module, index) =>
    expect(module.scale).toBeCloseTo(adapter.modules[index]!.scale, 14),
  );
});

test("diffusers' header is written for each component", async () => {
  const fields = { "unet.r": 2, "unet.lora_alpha": 2, "text_encoder.r": 2, "text_encoder.lora_alpha": 6 };
  const shapes = Object.fromEntries(
    ["unet.a", "text_encoder.b"].flatMap((name) => [
      [`${name}.lora_A.weight`, [2, 6]],
      [`${name}.lora_B.weight`, [4, 2]],
    ]),
  );
  const adapter = await readAdapter(
    fileOf(shapes, { metadata: { lora_adapter_metadata: JSON.stringify(fields) } }),
  );
  const again = await readAdapter(
    rewriteAdapter(adapter, truncated(adapter, { "unet.a": 1, "text_encoder.b": 1 })),
  );
  expect(again.modules.map(({ rank, alpha, scale }) => [rank, alpha, scale])).toEqual([
    [1, 1, 1],
    [1, 3, 3],
  ]);
});

test("numbered modules keep their ranks in the metadata", async () => {
  const shapes = { "unet:0:up": [4, 2], "unet:0:down": [2, 6] };
  const adapter = await readAdapter(fileOf(shapes, { metadata: { "unet:0:rank": "2" } }));
  expect(rewriteAdapter(adapter, truncated(adapter, { "unet:0": 1 })).metadata.get("unet:0:rank")).toBe("1");
});
