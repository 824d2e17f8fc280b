import { randomMatrix } from "@lora/linalg";
import { readValues, type Shape, tensorFile, type TensorFile, tensorOfValues } from "@lora/tensor";
import { expect, test } from "vitest";
import { convert, type ConvertReport, merge } from "../index.ts";

const LAYERS = ["mlp.up", "mlp.down"];
const PREFIX = "base_model.model.";
const CONFIG = { peft_type: "IA3", target_modules: ["up", "down"], feedforward_modules: [] };
/** Exact numbers of f32: nothing is rounded before it is asked for. */
const BY = [2, 1, 0.5, 1];

function baseOf(withBias: readonly string[]): TensorFile {
  const tensors = LAYERS.flatMap((layer, seed) => [
    [`${layer}.weight`, tensorOfValues(randomMatrix(4, 4, seed).data, "f32", [4, 4])] as const,
    ...(withBias.includes(layer)
      ? [[`${layer}.bias`, tensorOfValues([1, 2, 3, 4], "f32", [4])] as const]
      : []),
  ]);
  return tensorFile({ name: "base.safetensors", tensors });
}

/** (IA)³ of both layers, on their outputs, or on their inputs. */
function ia3Of(shape: Shape): TensorFile {
  return tensorFile({
    name: "ia3.safetensors",
    tensors: LAYERS.map((layer) => [`${PREFIX}${layer}.ia3_l`, tensorOfValues(BY, "f32", shape)] as const),
    sidecars: [["adapter_config.json", JSON.stringify(CONFIG)]],
  });
}

async function converted(file: TensorFile, base: TensorFile): Promise<[TensorFile, ConvertReport]> {
  const output = await convert(file, { to: "peft", base, error: 1e-7 });
  return [output.file, await output.verify(output.file, { path: "out", bytes: 1 })];
}

async function merged(base: TensorFile, file: TensorFile, tensor: string): Promise<Float64Array> {
  const output = await merge(base, { adapters: [{ file }] });
  return Float64Array.from(await readValues(output.file.tensors.get(tensor)!, { as: "f64" }));
}

test("(IA)³ of outputs has the same weight as a plain LoRA, and a warning for the bias that this leaves as it is", async () => {
  const base = baseOf(["mlp.up"]);
  const file = ia3Of([4, 1]);
  const [plain, report] = await converted(file, base);
  expect(report.warnings).toEqual([
    `(IA)³ multiplies 1 bias too, which no plain LoRA does: that of ${PREFIX}mlp.up`,
  ]);
  // Two of the outputs are multiplied with other numbers than 1.
  expect(report.modules.map(({ rank }) => rank)).toEqual([2, 2]);
  expect(report.passed).toBe(true);
  for (const layer of LAYERS) {
    const [wanted, found] = await Promise.all(
      [file, plain].map((one) => merged(base, one, `${layer}.weight`)),
    );
    // Both factors are rounded to f32, and the merged weight is.
    found!.forEach((value, index) => expect(Math.abs(value - wanted![index]!)).toBeLessThan(4 * 2 ** -23));
  }
  expect([...(await merged(base, file, "mlp.up.bias"))]).toEqual([2, 2, 1.5, 4]);
  expect([...(await merged(base, plain, "mlp.up.bias"))]).toEqual([1, 2, 3, 4]);
});

test("several biases are counted", async () => {
  const [, report] = await converted(ia3Of([4, 1]), baseOf(LAYERS));
  expect(report.warnings).toEqual([
    `(IA)³ multiplies 2 biases too, which no plain LoRA does: that of ${PREFIX}mlp.up`,
  ]);
});

test.each([
  ["inputs, which leave biases alone", [1, 4], LAYERS],
  ["outputs of layers without", [4, 1], []],
])("there is none to tell of %s", async (_, shape, withBias) => {
  const [, report] = await converted(ia3Of(shape), baseOf(withBias));
  expect(report.warnings).toEqual([]);
});

test("what GLoRA of PEFT changes of a bias is dropped, and not said to be kept", async () => {
  const layer = `${PREFIX}mlp.up`;
  const file = tensorFile({
    name: "glora.safetensors",
    tensors: [
      [`${layer}.glora_A.X`, tensorOfValues([0.5], "f32", [1])],
      [`${layer}.glora_B.X`, tensorOfValues([0, 0, 1, 0], "f32", [4, 1])],
      [`${layer}.glora_C.zeros`, tensorOfValues([0, 0, 0, 0], "f32", [4, 1])],
      [`${layer}.glora_E.X`, tensorOfValues([3], "f32", [1])],
    ],
    sidecars: [["adapter_config.json", '{"peft_type": "GLORA", "target_modules": ["up"]}']],
  });
  const base = baseOf(["mlp.up"]);
  const [plain, report] = await converted(file, base);
  expect(report).toMatchObject({ passed: true, warnings: [], modules: [{ rank: 4 }] });
  expect(report.dropped.map(({ name, why }) => [name, why])).toEqual([
    [`${layer}.glora_C.zeros`, "path of GLoRA that is not used"],
    [`${layer}.glora_E.X`, "bias of GLoRA"],
  ]);
  const [wanted, found] = await Promise.all([file, plain].map((one) => merged(base, one, "mlp.up.weight")));
  found!.forEach((value, index) => expect(Math.abs(value - wanted![index]!)).toBeLessThan(4 * 2 ** -22));
});
