import type { Shape } from "@lora/tensor";
import { expect, test } from "vitest";
import { failure, fileOf, type Texts } from "../files.test-helper.ts";
import { readAdapter } from "../reading/read-adapter.ts";
import { rewriteAdapter } from "../writing/rewrite-adapter.ts";
import { truncated } from "../writing/truncated.test-helper.ts";

const [Q, K] = ["model.layers.0.self_attn.q_proj", "model.layers.0.self_attn.k_proj"] as const;
const MLX: Record<string, Shape> = {
  [`${Q}.lora_a`]: [6, 3],
  [`${Q}.lora_b`]: [3, 4],
  [`${K}.lora_a`]: [6, 3],
  [`${K}.lora_b`]: [3, 4],
};
const GGUF: Record<string, Shape> = {
  "blk.0.attn_q.weight.lora_a": [2, 6],
  "blk.0.attn_q.weight.lora_b": [4, 2],
};

function mlxTexts(parameters: unknown): Texts {
  return {
    sidecars: {
      "adapter_config.json": JSON.stringify({ fine_tune_type: "lora", lora_parameters: parameters }),
    },
  };
}

test("MLX multiplies with its scale at any rank, and 20 where its configuration has none", async () => {
  const adapter = await readAdapter(fileOf(MLX, mlxTexts({ rank: 3, scale: 10 })));
  expect(adapter.modules[0]).toMatchObject({ shape: [4, 6], rank: 3, scale: 10, alpha: undefined });
  const again = await readAdapter(rewriteAdapter(adapter, truncated(adapter, { [Q]: 2, [K]: 2 })));
  expect(again.modules[0]).toMatchObject({ kind: "lora-transposed", shape: [4, 6], rank: 2, scale: 10 });
  expect([...again.file.tensors.values()].map(({ shape }) => shape)).toEqual([
    [6, 2],
    [2, 4],
    [6, 2],
    [2, 4],
  ]);
  expect(JSON.parse(again.file.sidecars.get("adapter_config.json")!)).toMatchObject({
    lora_parameters: { rank: 2, scale: 10 },
  });
  const silent = await readAdapter(fileOf(MLX, mlxTexts({ rank: 3 })));
  expect(silent.modules[0]!.scale).toBe(20);
});

test("MLX LM loads one rank, so several are not written", async () => {
  const adapter = await readAdapter(fileOf(MLX, mlxTexts({ rank: 3, scale: 10 })));
  const error = await failure(() => rewriteAdapter(adapter, truncated(adapter, { [Q]: 2 })));
  expect([error.code, error.message]).toEqual([
    "UNSUPPORTED",
    "MLX LM loads pairs of one rank only, and these have 2 ranks",
  ]);
});

test.each([
  [
    {},
    "MISSING",
    "adapter_config.json with lora_parameters is not beside the weights, and their scale is only there",
  ],
  [mlxTexts({ scale: "10" }), "FORMAT", 'lora_parameters.scale must be a number other than 0, and is "10"'],
])("pairs of MLX with %j are refused", async (texts, code, message) => {
  const error = await failure(() => readAdapter(fileOf(MLX, texts)));
  expect([error.code, error.message]).toEqual([code, message]);
});

test.each([
  ["12", 6],
  ["0", 1],
])("one alpha of a GGUF, %s, is divided by the rank of each pair", async (alpha, scale) => {
  const adapter = await readAdapter(fileOf(GGUF, { metadata: { "adapter.lora.alpha": alpha } }));
  expect(adapter.modules[0]).toMatchObject({ path: "blk.0.attn_q", rank: 2, scale });
  const one = truncated(adapter, { "blk.0.attn_q.weight": 1 });
  const again = await readAdapter(rewriteAdapter(adapter, one));
  expect(again.modules[0]!.scale).toBe(alpha === "0" ? 1 : 12);
});

test("an alpha of a GGUF below 0 is refused", async () => {
  const error = await failure(() => readAdapter(fileOf(GGUF, { metadata: { "adapter.lora.alpha": "-1" } })));
  expect([error.code, error.message]).toEqual([
    "NUMERIC",
    "adapter.lora.alpha must be a number of at least 0, and is -1",
  ]);
});

test("loralib says that its scale is in no file", async () => {
  const name = "roberta.encoder.layer.0.attention.self.query";
  const { detection, modules, warnings } = await readAdapter(
    fileOf({ [`${name}.lora_A`]: [2, 6], [`${name}.lora_B`]: [4, 2] }),
  );
  expect([detection.dialect, modules[0]!.scale]).toEqual(["loralib", 1]);
  expect(warnings).toEqual([
    "loralib keeps alpha in no file: updates are read with a scale of 1, so multiply norms with alpha / r",
  ]);
});

test("the norms of a control adapter make its dialect sure, and stand outside", async () => {
  const { detection, extras } = await readAdapter(
    fileOf({
      "img_in.lora_A.weight": [2, 6],
      "img_in.lora_B.weight": [4, 2],
      "img_in.lora_B.bias": [4],
      "double_blocks.0.img_attn.norm.query_norm.scale": [4],
    }),
  );
  expect([detection.dialect, detection.confidence]).toEqual(["bfl-control", 0.98]);
  expect(extras.map(({ name }) => name)).toEqual([
    "img_in.lora_B.bias",
    "double_blocks.0.img_attn.norm.query_norm.scale",
  ]);
});

test("differences of vectors are carried beside LyCORIS' kinds", async () => {
  const { modules, extras } = await readAdapter(
    fileOf({ "lora_unet_a.diff": [4, 6], "lora_unet_norm.diff": [4], "lora_unet_a.diff_b": [4] }),
  );
  expect(modules.map(({ kind, scale }) => [kind, scale])).toEqual([["full", 1]]);
  expect(extras.map(({ why }) => why)).toEqual(["difference of a vector", "bias difference"]);
});

test.each([
  [
    {
      "lora_unet_a.hada_w1_a": [4, 2],
      "lora_unet_a.hada_w1_b": [2, 6],
      "lora_unet_a.hada_w2_a": [4, 2],
      "lora_unet_a.hada_w2_b": [2, 5],
    },
    "the two products of a LoHa are multiplied entry by entry, and are 4 × 6 and 4 × 5",
  ],
  [
    { [`${Q}.lora_a`]: [8, 6, 3], [`${Q}.lora_b`]: [8, 3, 4] },
    "a transposed factor must be a matrix, and is 8 × 6 × 3",
  ],
] as const)("shapes that a kind cannot have are refused: %j", async (shapes, message) => {
  const error = await failure(() => readAdapter(fileOf(shapes, mlxTexts({ scale: 1 }))));
  expect([error.code, error.message]).toEqual(["SHAPE", message]);
});
