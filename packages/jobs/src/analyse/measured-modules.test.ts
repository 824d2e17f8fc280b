import { tensorFile, tensorOfValues } from "@lora/tensor";
import { expect, test } from "vitest";
import { analyse } from "./analyse.ts";

function adapterOf(ups: Readonly<Record<string, readonly number[]>>): Parameters<typeof analyse>[0] {
  return tensorFile({
    name: "a.safetensors",
    tensors: Object.entries(ups).flatMap(([name, up]) => [
      [`lora_unet_${name}.lora_up.weight`, tensorOfValues(up, "f32", [2, 1])] as const,
      [`lora_unet_${name}.lora_down.weight`, tensorOfValues([1, 2], "f32", [1, 2])] as const,
    ]),
  });
}

test("modules with values that are not finite are named, and the others measured, where that is asked for", async () => {
  const file = adapterOf({ a: [3, 4], b: [1, Number.NaN], c: [Infinity, 0] });
  await expect(analyse(file)).rejects.toMatchObject({ code: "NUMERIC", facts: { module: "lora_unet_b" } });
  const { modules, summary } = await analyse(file, { keepGoing: true });
  expect(modules.map(({ name }) => name)).toEqual(["lora_unet_a"]);
  expect(summary.unmeasured).toEqual([
    { module: "lora_unet_b", tensor: "lora_unet_b.lora_up.weight", reason: "value 1 of a factor is NaN" },
    {
      module: "lora_unet_c",
      tensor: "lora_unet_c.lora_up.weight",
      reason: "value 0 of a factor is Infinity",
    },
  ]);
});

test("an adapter of which nothing can be measured stays an error", async () => {
  const file = adapterOf({ a: [Number.NaN, 0] });
  await expect(analyse(file, { keepGoing: true })).rejects.toMatchObject({ code: "NUMERIC" });
});
