import { LoraError, tensorFile, type TensorFile, tensorOfValues } from "@lora/tensor";
import { expect, test } from "vitest";
import { merge, type MergeOptions } from "./merge.ts";

type Shapes = Readonly<Record<string, readonly number[]>>;

function fileOf(shapes: Shapes, value = 0.5): TensorFile {
  const tensors = Object.entries(shapes).map(
    ([name, shape]) =>
      [
        name,
        tensorOfValues(new Array<number>(shape.reduce((a, b) => a * b, 1)).fill(value), "f16", shape),
      ] as const,
  );
  return tensorFile({ name: "made.safetensors", tensors });
}

const factors = { "a.lora_up.weight": [3, 1], "a.lora_down.weight": [1, 2] };

async function failureOf(base: TensorFile, options: MergeOptions): Promise<LoraError> {
  try {
    const { file } = await merge(base, options);
    for (const tensor of file.tensors.values()) await tensor.bytes();
  } catch (error) {
    if (error instanceof LoraError) return error;
  }
  throw new Error("nothing was thrown");
}

const quantised = tensorFile({
  name: "q",
  tensors: [["a.weight", tensorOfValues([1, 2, 3, 4, 5, 6], "i8", [3, 2])]],
});
const weight = { "a.weight": [3, 2] };

test.each([
  [
    "a weight that is no number",
    fileOf(weight),
    { adapters: [{ file: fileOf(factors), weight: Number.NaN }] },
    "USAGE",
    "the weight of an adapter is a number, not NaN",
  ],
  [
    "a base without any of the weights",
    fileOf({ "b.weight": [3, 2] }),
    { adapters: [{ file: fileOf(factors) }] },
    "MISSING",
    "none of the 1 modules has its weight in the base",
  ],
  [
    "a quantised base",
    quantised,
    { adapters: [{ file: fileOf(factors) }] },
    "UNSUPPORTED",
    "an update cannot be added to values of i8",
  ],
  [
    "a bias that has nowhere to go",
    fileOf(weight),
    { adapters: [{ file: fileOf({ ...factors, "a.lora_up.bias": [3] }) }] },
    "UNSUPPORTED",
    "the adapter has a bias, and the base has none for it to go into",
  ],
  [
    "magnitudes of another size",
    fileOf(weight),
    { adapters: [{ file: fileOf({ ...factors, "a.dora_scale": [5, 1] }) }] },
    "SHAPE",
    "the magnitudes are 5 × 1, and the module is for 3 × 2",
  ],
  [
    "DoRA beside another adapter",
    fileOf(weight),
    {
      adapters: [{ file: fileOf({ ...factors, "a.dora_scale": [3, 1] }) }, { file: fileOf(factors) }],
    },
    "UNSUPPORTED",
    "DoRA shares a weight with another update, and their order matters",
  ],
  [
    "what two adapters keep whole",
    fileOf({ ...weight, "c.bias": [3] }),
    {
      adapters: [
        { file: fileOf({ ...factors, "c.bias": [3] }) },
        { file: fileOf({ ...factors, "c.bias": [3] }) },
      ],
    },
    "UNSUPPORTED",
    "two adapters replace c.bias, and one model has place for one",
  ],
  [
    "what one adapter replaces and another changes",
    fileOf({ ...weight, "a.bias": [3] }),
    {
      adapters: [
        { file: fileOf({ ...factors, "a.lora_up.bias": [3] }) },
        { file: fileOf({ ...factors, "a.bias": [3] }) },
      ],
    },
    "UNSUPPORTED",
    "a.bias is replaced by one adapter, and another update is added to it",
  ],
  [
    "DoRA that is to be taken out",
    fileOf(weight),
    { adapters: [{ file: fileOf({ ...factors, "a.dora_scale": [3, 1] }) }], unmerge: true },
    "UNSUPPORTED",
    "a weight that was multiplied cannot be taken back out of the merged model alone",
  ],
  [
    "a row without a norm",
    fileOf(weight, 0),
    { adapters: [{ file: fileOf({ ...factors, "a.dora_scale": [3, 1] }, 0) }] },
    "NUMERIC",
    "row or column 0 of the sum has the norm 0, which no magnitude fits",
  ],
  [
    "sums that are too large, where it is to be safe",
    fileOf(weight, 60_000),
    { adapters: [{ file: fileOf(factors, 200) }], safe: true },
    "NUMERIC",
    "rows 0 to 3 hold NaN or infinity when merged",
  ],
  [
    "a bias that is not finite",
    fileOf({ ...weight, "a.bias": [3] }),
    {
      adapters: [
        {
          file: tensorFile({
            name: "x",
            tensors: [
              ...fileOf(factors).tensors,
              ["a.lora_up.bias", tensorOfValues([1, Infinity, 0], "f32", [3])],
            ],
          }),
        },
      ],
    },
    "NUMERIC",
    "value 1 beside the factors is Infinity",
  ],
] as const)("%s is refused", async (_, base, options, code, message) => {
  const error = await failureOf(base, { dialect: "generic", ...options });
  expect([error.code, error.message]).toEqual([code, message]);
});

test("without --safe what is too large is infinite, and the report warns of it", async () => {
  const output = await merge(fileOf(weight, 60_000), {
    adapters: [{ file: fileOf(factors, 200) }],
    dialect: "generic",
  });
  for (const tensor of output.file.tensors.values()) await tensor.bytes();
  expect(output.report({ path: "", bytes: 0, files: [], resumed: [] }).warnings).toEqual([
    "1 weights hold NaN or infinity after the merge, as a.weight",
  ]);
});

test("an output layer that shares the embedding gets a tensor of its own", async () => {
  const config = JSON.stringify({ architectures: ["XForCausalLM"], tie_word_embeddings: true });
  const base = {
    ...fileOf({ "model.embed_tokens.weight": [3, 2] }),
    sidecars: new Map([["config.json", config]]),
  };
  const lm = { "lm_head.lora_up.weight": [3, 1], "lm_head.lora_down.weight": [1, 2] };
  const { file, report } = await merge(base, { adapters: [{ file: fileOf(lm) }], dialect: "generic" });
  expect([...file.tensors.keys()]).toEqual(["model.embed_tokens.weight", "lm_head.weight"]);
  expect(file.tensors.get("model.embed_tokens.weight")).toBe(base.tensors.get("model.embed_tokens.weight"));
  expect([...new Uint16Array((await file.tensors.get("lm_head.weight")!.bytes()).buffer)]).toEqual(
    new Array(6).fill(0x3a00),
  );
  expect(JSON.parse(file.sidecars.get("config.json")!)).toMatchObject({ tie_word_embeddings: false });
  expect(report({ path: "", bytes: 0, files: [], resumed: [] }).warnings[0]).toContain(
    "tie_word_embeddings is false",
  );
});
