import { tensorFile, type TensorFile, tensorOfValues } from "@lora/tensor";
import { describe, expect, test } from "vitest";
import { kohyaFile } from "../adapters.test-helper.ts";
import { combine } from "./combine.ts";
import { A, combined, FIRST, SECOND } from "./combine.test-helper.ts";

describe("what is refused", () => {
  const other = (tensor: string): TensorFile =>
    tensorFile({
      name: "other.safetensors",
      tensors: [...FIRST.tensors, [tensor, tensorOfValues([1], "f32", [1])]],
    });

  test.each([
    [
      "DoRA",
      "lora_unet_a.dora_scale",
      "an adapter cannot be combined that has this beside its factors: DoRA magnitude",
    ],
    ["lora_bias", "lora_unet_a.lora_up.bias", "bias of the low-rank path (lora_bias)"],
    ["old OFT", "lora_unet_q.oft_diag", "OFT: not handled yet"],
  ])("%s, by the tensor", async (_, tensor, message) => {
    await expect(
      combined([
        [FIRST, 1],
        [other(tensor), 1],
      ]),
    ).rejects.toMatchObject({
      code: "UNSUPPORTED",
      message: expect.stringContaining(message) as string,
      facts: { file: "other.safetensors", tensor },
    });
  });

  test.each([
    [["cls"], "cls.weight", "two adapters replace cls.weight, and one model has place for one"],
    [undefined, "cls.bias", "two adapters replace cls.bias, and one model has place for one"],
  ])("modules that two adapters keep whole: modules_to_save %j", async (whole, tensor, message) => {
    const keeper = tensorFile({
      name: "keeper.safetensors",
      tensors: [
        ["base_model.model.q.lora_A.weight", tensorOfValues([1, 2], "f32", [1, 2])],
        ["base_model.model.q.lora_B.weight", tensorOfValues([3, 4], "f32", [2, 1])],
        [`base_model.model.${tensor}`, tensorOfValues([5], "f32", [1])],
      ],
      sidecars: [
        ["adapter_config.json", JSON.stringify({ peft_type: "LORA", r: 1, modules_to_save: whole })],
      ],
    });
    const both = [keeper, keeper].map((file) => [file, 0.5] as const);
    for (const options of [{}, { compat: "peft" }] as const) {
      await expect(combined(both, options)).rejects.toMatchObject({
        code: "UNSUPPORTED",
        message,
        facts: { file: "keeper.safetensors", other: "keeper.safetensors" },
      });
    }
  });

  const two = [
    [FIRST, 1],
    [SECOND, 1],
  ] as const;
  test.each([
    [
      "a weight that is no number",
      [[FIRST, Number.NaN]],
      {},
      "the weight of an adapter is NaN, and no finite number",
    ],
    ["no weights", [[FIRST, 0]], {}, "there is nothing to combine: no adapter has a weight other than 0"],
    ["rank 0", two, { rank: 0 }, "the rank must be a whole number above 0, and is 0"],
    ["an error of 1", two, { error: 1 }, "the error must be at least 0 and below 1, and is 1"],
    ["a quantile of 2", two, { svdClamp: 2 }, "the quantile to clamp at must be from 0 to 1, and is 2"],
    ["clamping by default", two, { svdClamp: 0.99 }, "clamping is only for compat peft"],
    ["a rank for cat", two, { method: "cat", rank: 3 }, "cat keeps all ranks: use svd to limit them"],
    [
      "three for slerp",
      [...two, [FIRST, 1]],
      { method: "slerp" },
      "slerp takes 2 adapters at most, and 3 are given: use karcher",
    ],
    ["PEFT's own names by default", two, { method: "ties_svd" }, "no method of combining is called ties_svd"],
    ["della as PEFT does it", two, { method: "della", compat: "peft" }, "PEFT has no combination type della"],
    [
      "an error as PEFT does it",
      two,
      { compat: "peft", error: 0.1 },
      "PEFT chooses no ranks by error: give --rank",
    ],
    [
      "a window as PEFT does it",
      two,
      { compat: "peft", epsilon: 0.1 },
      "PEFT has neither della nor breadcrumbs",
    ],
    [
      "a rank for linear as PEFT does it",
      two,
      { compat: "peft", rank: 2 },
      "PEFT's linear has the rank of its adapters",
    ],
  ] as const)("%s", async (_, inputs, options, message) => {
    await expect(combined(inputs, options)).rejects.toMatchObject({
      code: "USAGE",
      message: expect.stringContaining(message) as string,
    });
  });

  test("updates of other shapes", async () => {
    const wide = kohyaFile({ lora_unet_a: { ...A, in: 9 } });
    await expect(
      combined([
        [FIRST, 1],
        [wide, 1],
      ]),
    ).rejects.toThrow("updates of one weight differ in shape: 10 × 8 and 10 × 9");
  });

  test("a report before the file is written", async () => {
    const output = await combine([{ file: FIRST, weight: 1 }], { method: "linear" });
    expect(() => output.report({ path: "x", bytes: 0 })).toThrow(
      "the report was asked for before the combined module lora_unet_a was written",
    );
  });
});
