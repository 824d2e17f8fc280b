import path from "node:path";
import { openFile } from "@lora/io/node";
import { tensorFile, type TensorFile, tensorOfValues } from "@lora/tensor";
import { describe, expect, test } from "vitest";
import { kohyaFile } from "../adapters.test-helper.ts";
import { verify } from "../index.ts";

const FILE = kohyaFile({
  lora_unet_a: { out: 10, in: 8, rank: 4, alpha: 2 },
  lora_unet_b: { out: 6, in: 5, rank: 2 },
});

/** The file with one tensor replaced, added, or (undefined) taken away. */
function changed(name: string, tensor: ReturnType<typeof tensorOfValues> | undefined): TensorFile {
  const tensors = new Map(FILE.tensors);
  if (tensor === undefined) tensors.delete(name);
  else tensors.set(name, tensor);
  return tensorFile({ name: "changed.safetensors", tensors });
}

test("a file agrees with itself", async () => {
  const report = await verify(FILE, FILE);
  expect(report).toMatchObject({ passed: true, onlyInA: [], onlyInB: [], extras: [] });
  expect(report.relativeErrorFrobenius).toBeLessThan(1e-14);
});

test("hand-worked: half the alpha is half the update, an error of 1/2", async () => {
  const report = await verify(FILE, changed("lora_unet_a.alpha", tensorOfValues([1], "f32", [])));
  expect(report.passed).toBe(false);
  expect(report.modules[0]!.relativeErrorFrobenius).toBeCloseTo(0.5, 12);
  expect(report.modules[0]!.relativeErrorSpectral).toBeCloseTo(0.5, 12);
  expect(report.modules[1]!.withinTolerance).toBe(true);
});

test("a module that is missing counts as a zero update, an error of 1", async () => {
  const less = tensorFile({
    name: "less.safetensors",
    tensors: [...FILE.tensors].filter(([name]) => !name.startsWith("lora_unet_b")),
  });
  const report = await verify(FILE, less, { tolerance: 0.5 });
  expect(report).toMatchObject({ passed: false, onlyInA: ["lora_unet_b"] });
  expect(report.modules[1]).toMatchObject({
    name: "lora_unet_b",
    other: null,
    rankB: 0,
    withinTolerance: false,
  });
  expect(report.modules[1]!.relativeErrorFrobenius).toBeCloseTo(1, 12);
  expect((await verify(less, FILE)).onlyInB).toEqual(["lora_unet_b"]);
});

test("tensors outside modules are compared byte for byte", async () => {
  const [one, two] = [tensorOfValues([1, 2], "f32", [2]), tensorOfValues([1, 3], "f32", [2])];
  const report = await verify(changed("note", one), changed("note", two));
  expect(report.extras).toEqual([{ name: "note", difference: "values differ from byte 6 on" }]);
  expect((await verify(FILE, changed("note", two))).extras).toEqual([
    { name: "note", difference: "only in the second file" },
  ]);
});

test("the sample's kohya file makes PEFT's updates, to the rounding of f16", async () => {
  const samples = path.resolve(import.meta.dirname, "../../../../samples");
  const peft = await openFile(path.join(samples, "pirate-tales"));
  const kohya = await openFile(path.join(samples, "kohya/pirate-tales.safetensors"));
  const report = await verify(peft, kohya);
  await Promise.all([peft.close(), kohya.close()]);
  expect(report).toMatchObject({ passed: true, onlyInA: [], onlyInB: [], tolerance: 4 * 2 ** -11 });
  expect(report.modules).toHaveLength(28);
  expect(report.relativeErrorFrobenius).toBeGreaterThan(2 ** -15);
  expect(report.relativeErrorFrobenius).toBeLessThan(2 ** -11);
});

describe("what is refused", () => {
  test("files of other models: no module in common", async () => {
    const other = kohyaFile({ lora_unet_z: { out: 3, in: 3, rank: 1 } });
    await expect(verify(FILE, other)).rejects.toThrow("the two adapters have no module in common");
  });

  test("a module of another shape, with both shapes", async () => {
    const other = kohyaFile({ lora_unet_a: { out: 10, in: 9, rank: 4 } });
    await expect(verify(FILE, other)).rejects.toThrow("the updates of lora_unet_a are 10 × 8 and 10 × 9");
  });

  test("a tolerance below 0", async () => {
    await expect(verify(FILE, FILE, { tolerance: -1 })).rejects.toThrow(
      "the tolerance -1 is not a number of 0 or more",
    );
  });
});
