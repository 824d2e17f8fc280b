import { readValues, type Shape, tensorFile, type TensorFile, tensorOfValues } from "@lora/tensor";
import { expect, test } from "vitest";
import { fixedRule } from "@lora/peft";
import { analyse } from "../analyse/analyse.ts";
import { combine } from "../combine/combine.ts";
import { resize } from "../resize/resize.ts";
import { merge } from "./merge.ts";

type Values = Readonly<Record<string, readonly [shape: Shape, values: readonly number[]]>>;

function fileOf(name: string, stored: Values, config?: unknown): TensorFile {
  const tensors = Object.entries(stored).map(
    ([key, [shape, values]]) => [key, tensorOfValues(values, "f32", shape)] as const,
  );
  const sidecars: [string, string][] =
    config === undefined ? [] : [["adapter_config.json", JSON.stringify(config)]];
  return tensorFile({ name, tensors, sidecars });
}

const BASE: Values = {
  "lin.weight": [
    [4, 2],
    [1, 2, 3, 4, 5, 6, 7, 8],
  ],
  "lin.bias": [[4], [1, 1, 1, 1]],
};

const IA3 = { peft_type: "IA3", feedforward_modules: [], target_modules: ["lin"], fan_in_fan_out: false };
/** q = (0 1; −1 0): (I + q)·(I − q)⁻¹ is a quarter turn. */
const TURN = [0, 0.5, -0.5, 0];

test.each([
  [
    "outputs with their bias by (IA)³",
    {
      "base_model.model.lin.ia3_l": [
        [4, 1],
        [2, 1, 1, 0.5],
      ],
    } satisfies Values,
    IA3,
    [2, 4, 3, 4, 5, 6, 3.5, 4],
    [2, 1, 1, 0.5],
  ],
  [
    "inputs by (IA)³, the bias as it is",
    {
      "base_model.model.lin.ia3_l": [
        [1, 2],
        [2, 0],
      ],
    } satisfies Values,
    IA3,
    [2, 0, 6, 0, 10, 0, 14, 0],
    [1, 1, 1, 1],
  ],
  [
    "pairs of outputs by OFT",
    {
      "lora_unet_lin.oft_blocks": [
        [2, 2, 2],
        [...TURN, 0, 0, 0, 0],
      ],
    } satisfies Values,
    undefined,
    // Rᵀ = (0 −1; 1 0) on the first two rows.
    [-3, -4, 1, 2, 5, 6, 7, 8],
    [1, 1, 1, 1],
  ],
  [
    "what GLoRA adds and multiplies",
    {
      "lora_unet_lin.a1.weight": [
        [2, 1],
        [1, 0],
      ],
      "lora_unet_lin.a2.weight": [
        [1, 2],
        [0, 1],
      ],
      "lora_unet_lin.b1.weight": [
        [4, 1],
        [1, 0, 0, 0],
      ],
      "lora_unet_lin.b2.weight": [
        [1, 2],
        [10, 0],
      ],
    } satisfies Values,
    undefined,
    [11, 3, 3, 7, 5, 11, 7, 15],
    [1, 1, 1, 1],
  ],
])("hand-worked: %s", async (_, adapter, config, weight, bias) => {
  const output = await merge(fileOf("base", BASE), {
    adapters: [{ file: fileOf("adapter", adapter, config) }],
  });
  const merged = await readValues(output.file.tensors.get("lin.weight")!);
  merged.forEach((value, i) => expect(value).toBeCloseTo(weight[i]!, 5));
  expect([...(await readValues(output.file.tensors.get("lin.bias")!))]).toEqual(bias);
  const { modules, frobenius } = output.report({ path: "out", bytes: 1, files: [], resumed: [] });
  expect(modules.map(({ tensor }) => tensor)).toEqual(["lin.weight"]);
  expect(frobenius).toBeGreaterThan(0);
});

test("half of a multiplication is half of what it changes", async () => {
  const adapter = fileOf(
    "adapter",
    {
      "base_model.model.lin.ia3_l": [
        [1, 2],
        [2, 0],
      ],
    },
    IA3,
  );
  const output = await merge(fileOf("base", BASE), { adapters: [{ file: adapter, weight: 0.5 }] });
  expect([...(await readValues(output.file.tensors.get("lin.weight")!))]).toEqual([
    1.5, 1, 4.5, 2, 7.5, 3, 10.5, 4,
  ]);
});

test("differences of biases and norms are added to theirs, at their weight and without alpha", async () => {
  const base = fileOf("base", { ...BASE, "norm.weight": [[2], [1, 1]], "norm.bias": [[2], [0, 0]] });
  const adapter = fileOf("adapter", {
    "lora_unet_lin.diff": [
      [4, 2],
      [1, 0, 0, 0, 0, 0, 0, 0],
    ],
    "lora_unet_lin.diff_b": [[4], [0, 2, 0, 0]],
    "lora_unet_norm.w_norm": [[2], [4, 0]],
    "lora_unet_norm.b_norm": [[2], [0, 6]],
    "lora_unet_gone.b_norm": [[2], [0, 6]],
  });
  const output = await merge(base, { adapters: [{ file: adapter, weight: 0.5 }] });
  const values = async (name: string): Promise<number[]> => [
    ...(await readValues(output.file.tensors.get(name)!)),
  ];
  expect(await values("lin.weight")).toEqual([1.5, 2, 3, 4, 5, 6, 7, 8]);
  expect(await values("lin.bias")).toEqual([1, 2, 1, 1]);
  expect(await values("norm.weight")).toEqual([3, 1]);
  expect(await values("norm.bias")).toEqual([0, 3]);
  const { leftOut } = output.report({ path: "out", bytes: 1, files: [], resumed: [] });
  expect(leftOut.map(({ name }) => name)).toEqual(["lora_unet_gone.b_norm"]);
});

const IA3_FILE = fileOf(
  "ia3.bin",
  {
    "base_model.model.lin.ia3_l": [
      [1, 2],
      [2, 0],
    ],
  },
  IA3,
);
const MIXED = fileOf("mixed", {
  "lora_unet_lin.diff": [
    [4, 2],
    [1, 0, 0, 0, 0, 0, 0, 0],
  ],
  "lora_unet_other.oft_blocks": [
    [2, 2, 2],
    [...TURN, 0, 0, 0, 0],
  ],
});

test("without its base what multiplies is refused by name", async () => {
  const message = "what this adapter changes ((IA)³) depends on the weights it changes";
  const advice = expect.stringMatching(/^needs --base/u) as string;
  await expect(analyse(IA3_FILE)).rejects.toMatchObject({ code: "MISSING", message, advice });
  await expect(
    combine(
      [
        { file: MIXED, weight: 1 },
        { file: MIXED, weight: 1 },
      ],
      { method: "svd" },
    ),
  ).rejects.toMatchObject({
    code: "UNSUPPORTED",
    message: "an adapter cannot be combined without its base: OFT",
    advice,
  });
});

test("beside others it is carried as it is, and a warning says so", async () => {
  const choice = fixedRule.bind({ rank: 1 });
  const [output] = await resize(MIXED, { tasks: [{ choice, suffix: "", metadata: () => "{}" }] });
  expect([...output!.file.tensors.keys()]).toContain("lora_unet_other.oft_blocks");
  expect((await analyse(MIXED)).warnings).toEqual([
    "1 module is OFT, which depends on the weight it changes: carried unchanged",
  ]);
});

test("with its base what multiplies is measured, and has no outlook of lower ranks", async () => {
  const { modules, warnings, outlook } = await analyse(IA3_FILE, { base: fileOf("base", BASE) });
  // (IA)³ adds the first column (1, 3, 5, 7) once, and takes the second (2, 4, 6, 8): singular values of W itself.
  const [{ frobenius, numericalRank }] = modules as [(typeof modules)[number]];
  expect([frobenius, numericalRank]).toEqual([expect.closeTo(Math.sqrt(204), 12), 2]);
  expect([warnings, outlook]).toEqual([[], []]);
});
