import { multiply } from "@lora/linalg";
import { expect, test } from "vitest";
import { fileOf } from "../files.test-helper.ts";
import { loadDelta } from "../load-delta.ts";
import { readAdapter } from "../reading/read-adapter.ts";
import { rewriteAdapter } from "./rewrite-adapter.ts";
import { rewrittenSpecs } from "./rewritten-specs.ts";
import { truncated } from "./truncated.test-helper.ts";

const LOKR = {
  "lora_unet_a.alpha": [],
  "lora_unet_a.lokr_w1": [2, 3],
  "lora_unet_a.lokr_w2_a": [4, 2],
  "lora_unet_a.lokr_w2_b": [2, 5],
  "lora_unet_a.dora_scale": [8, 1],
} as const;
const LOHA = {
  "lora_unet_b.hada_t1": [2, 2, 3, 3],
  "lora_unet_b.hada_w1_a": [2, 4],
  "lora_unet_b.hada_w1_b": [2, 5],
  "lora_unet_b.hada_t2": [2, 2, 3, 3],
  "lora_unet_b.hada_w2_a": [2, 4],
  "lora_unet_b.hada_w2_b": [2, 5],
} as const;
const FULL = { "lora_unet_c.diff": [3, 4] } as const;

test("modules that are no plain pair become one, at the place of their first factor", async () => {
  const adapter = await readAdapter(fileOf({ ...LOKR, ...LOHA, ...FULL }));
  expect(adapter.modules.map(({ kind, rank, scale }) => [kind, rank, scale])).toEqual([
    ["lokr", 4, 2],
    ["loha", 4, 1],
    ["full", 3, 1],
  ]);
  const { specs } = rewrittenSpecs(
    adapter,
    new Map([
      ["lora_unet_a", 2],
      ["lora_unet_b", 3],
      ["lora_unet_c", 1],
    ]),
  );
  expect(specs.map(([name, { shape }]) => [name, shape])).toEqual([
    ["lora_unet_a.alpha", []],
    ["lora_unet_a.lora_down.weight", [2, 15]],
    ["lora_unet_a.lora_up.weight", [8, 2]],
    ["lora_unet_a.dora_scale", [8, 1]],
    ["lora_unet_b.lora_down.weight", [3, 5, 3, 3]],
    ["lora_unet_b.lora_up.weight", [4, 3, 1, 1]],
    ["lora_unet_c.lora_down.weight", [1, 4]],
    ["lora_unet_c.lora_up.weight", [3, 1]],
  ]);
});

test("at full rank the pair is the update that it stands for, under the same scale", async () => {
  const adapter = await readAdapter(fileOf({ ...LOKR, ...LOHA, ...FULL }));
  for (const module of adapter.modules) {
    const again = await readAdapter(
      rewriteAdapter(adapter, truncated(adapter, { [module.name]: module.rank })),
    );
    const found = again.modules.find(({ name }) => name === module.name)!;
    expect(found).toMatchObject({
      kind: "lora",
      rank: module.rank,
      scale: module.scale,
      shape: module.shape,
    });
    const [before, after] = [(await loadDelta(module)).factors(), (await loadDelta(found)).factors()];
    const [dense, written] = [multiply(before.up, before.down), multiply(after.up, after.down)];
    written.data.forEach((value, index) => {
      expect(value).toBeCloseTo(dense.data[index]!, 4);
    });
  }
});

test("a flattened convolution of Stable Diffusion gets its kernel back, by its name", async () => {
  const sizes = { lokr_w1: [2, 3], lokr_w2: [2, 6] } as const;
  const names = [
    "lora_unet_output_blocks_2_1_conv",
    "lora_unet_mid_block_resnets_0_conv1",
    "lora_unet_mid_block_a",
  ];
  const shapes = names.flatMap((name) =>
    Object.entries(sizes).map(([part, shape]) => [`${name}.${part}`, shape] as const),
  );
  const adapter = await readAdapter(fileOf(Object.fromEntries(shapes)));
  expect(adapter.modules.map(({ layer, shape }) => [layer, shape])).toEqual([
    ["conv", [4, 2, 3, 3]],
    ["conv", [4, 2, 3, 3]],
    ["linear", [4, 18]],
  ]);
  const { specs } = rewrittenSpecs(adapter, new Map([[names[0]!, 1]]));
  expect(specs.slice(0, 2).map(([, { shape }]) => shape)).toEqual([
    [1, 2, 3, 3],
    [4, 1, 1, 1],
  ]);
});
