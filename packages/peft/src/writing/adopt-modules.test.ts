import { expect, test } from "vitest";
import { fileOf } from "../files.test-helper.ts";
import { readAdapter } from "../reading/read-adapter.ts";
import { adoptModules } from "./adopt-modules.ts";

const KOHYA = {
  "lora_unet_a.lora_down.weight": [2, 4],
  "lora_unet_a.lora_up.weight": [3, 2],
  "lora_unet_a.alpha": [],
};

test("a module of another dialect gets names of this one, and an alpha where this one has alphas", async () => {
  const adapter = await readAdapter(fileOf(KOHYA));
  const from = await readAdapter(
    fileOf({ "unet.b.c.lora_A.weight": [1, 4], "unet.b.c.lora_B.weight": [3, 1] }),
  );
  const { adapter: both, adopted } = adoptModules(adapter, [{ module: from.modules[0]!, from }]);
  expect(adopted).toMatchObject([
    { name: "lora_unet_b_c", component: "unet", path: "b_c", scaleSource: "tensor" },
  ]);
  expect([...both.file.tensors.keys()].slice(3)).toEqual([
    "lora_unet_b_c.lora_down.weight",
    "lora_unet_b_c.lora_up.weight",
    "lora_unet_b_c.alpha",
  ]);
});

test("nothing to adopt is the same adapter", async () => {
  const adapter = await readAdapter(fileOf(KOHYA));
  expect(adoptModules(adapter, []).adapter).toBe(adapter);
});

test("a name that is taken is refused", async () => {
  const adapter = await readAdapter(fileOf(KOHYA));
  expect(() => adoptModules(adapter, [{ module: adapter.modules[0]!, from: adapter }])).toThrow(
    "the name lora_unet_a.lora_down.weight is taken by another weight",
  );
});
