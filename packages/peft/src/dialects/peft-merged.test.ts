import { multiply } from "@lora/linalg";
import type { TensorFile } from "@lora/tensor";
import { tensorFile, tensorOfValues } from "@lora/tensor";
import { expect, test } from "vitest";
import { failure } from "../files.test-helper.ts";
import { loadDelta } from "../load-delta.ts";
import { readAdapter } from "../reading/read-adapter.ts";
import { rewriteAdapter } from "../writing/rewrite-adapter.ts";
import { truncated } from "../writing/truncated.test-helper.ts";

const CONFIG = {
  peft_type: "LORA",
  r: 1,
  lora_alpha: 2,
  enable_lora: [true, false, true],
  merge_weights: false,
  target_modules: ["qkv"],
};

/** Two modules whose first and third parts have pairs of rank 1; up has the axis of PEFT's convolution. */
function mergedFile(): TensorFile {
  const module = (name: string): (readonly [string, ReturnType<typeof tensorOfValues>])[] => [
    [`base_model.model.${name}.qkv.lora_A.weight`, tensorOfValues([1, 2, 3, 4], "f32", [2, 2])],
    [`base_model.model.${name}.qkv.lora_B.weight`, tensorOfValues([1, 10, 100, 1000], "f32", [4, 1, 1])],
  ];
  return tensorFile({
    name: "adapter_model.safetensors",
    tensors: [...module("a"), ...module("b")],
    sidecars: [["adapter_config.json", JSON.stringify(CONFIG)]],
  });
}

test("hand-worked: the pairs of a merged layer change their own rows, the part between them stays", async () => {
  const { modules } = await readAdapter(mergedFile());
  expect(modules[0]).toMatchObject({ kind: "merged-linear", shape: [6, 2], rank: 2, scale: 2, alpha: 2 });
  const { up, down } = (await loadDelta(modules[0]!)).factors();
  expect([...multiply(up, down).data]).toEqual([2, 4, 20, 40, 0, 0, 0, 0, 600, 800, 6000, 8000]);
});

test("written again they are plain pairs of the whole layer, and the configuration has no merged parts", async () => {
  const adapter = await readAdapter(mergedFile());
  const [a, b] = adapter.modules.map(({ name }) => name);
  const again = await readAdapter(rewriteAdapter(adapter, truncated(adapter, { [a!]: 2, [b!]: 1 })));
  expect(again.modules.map(({ kind, rank, shape, scale }) => [kind, rank, shape, scale])).toEqual([
    ["lora", 2, [6, 2], 2],
    ["lora", 1, [6, 2], 2],
  ]);
  const config = JSON.parse(again.file.sidecars.get("adapter_config.json")!) as Record<string, unknown>;
  expect([config["r"], config["enable_lora"], config["merge_weights"]]).toEqual([2, undefined, undefined]);
  const [before, after] = [await loadDelta(adapter.modules[0]!), await loadDelta(again.modules[0]!)];
  // Factors are stored in f32.
  expect(Math.abs(after.inner(before) / before.inner(before) - 1)).toBeLessThan(2 ** -21);
});

test("a merged module beside plain ones is refused", async () => {
  const adapter = await readAdapter(mergedFile());
  const error = await failure(() =>
    rewriteAdapter(adapter, truncated(adapter, { [adapter.modules[0]!.name]: 1 })),
  );
  expect(error.code).toBe("UNSUPPORTED");
});
