import type { LazyTensor, Progress } from "@lora/tensor";
import { readValues, tensorOfBytes, tensorOfValues } from "@lora/tensor";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { memorySink } from "../sinks/memory-sink.ts";
import { bytesSource } from "../sources/bytes-source.ts";
import type { GgufValue } from "./gguf-value.ts";
import { openGguf } from "./open-gguf.ts";
import type { GgufContent } from "./write-gguf.ts";
import { writeGguf } from "./write-gguf.ts";

const LORA: readonly (readonly [string, GgufValue])[] = [
  ["general.type", { type: "string", value: "adapter" }],
  ["general.architecture", { type: "string", value: "llama" }],
  ["adapter.type", { type: "string", value: "lora" }],
  ["adapter.lora.alpha", { type: "f32", value: 16 }],
];

function content(
  tensors: Readonly<Record<string, LazyTensor>>,
  metadata: readonly (readonly [string, GgufValue])[] = LORA,
): GgufContent {
  return { tensors: new Map(Object.entries(tensors)), metadata: new Map(metadata) };
}

async function written(made: GgufContent): Promise<Uint8Array> {
  const sink = memorySink();
  const bytes = await writeGguf(sink, made);
  await sink.commit();
  expect(sink.bytes).toHaveLength(bytes);
  return sink.bytes!;
}

test("an adapter is read again as it was written", async () => {
  const down = tensorOfValues([1, 2, 3, 4, 5, 6], "f32", [2, 3]);
  const up = tensorOfValues([0.5, -2, 1, 0, 4, 8], "bf16", [3, 2]);
  const blocks = tensorOfBytes(new Uint8Array(34).fill(3), "q8_0", [32]);
  const carried = tensorOfBytes(new Uint8Array(18).fill(7), "opaque", [32], "ggml:iq4_nl");
  const made = content({
    "blk.0.attn_q.weight.lora_a": down,
    "blk.0.attn_q.weight.lora_b": up,
    blocks,
    carried,
  });
  const file = await openGguf(bytesSource(await written(made), "made.gguf"));
  expect([...file.tensors.keys()]).toEqual([...made.tensors.keys()]);
  for (const [name, tensor] of made.tensors) {
    const again = file.tensors.get(name)!;
    expect([again.dtype, again.storedAs, again.shape]).toEqual([tensor.dtype, tensor.storedAs, tensor.shape]);
    expect(await again.bytes()).toEqual(await tensor.bytes());
  }
  expect(Object.fromEntries(file.metadata)).toEqual({
    "general.type": "adapter",
    "general.architecture": "llama",
    "adapter.type": "lora",
    "adapter.lora.alpha": "16",
  });
});

test("any numbers in any shape survive, at any alignment", async () => {
  const shape = fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(shape, { maxLength: 5 }),
      fc.constantFrom(1, 8, 32, 64),
      async (shapes, alignment) => {
        const values = shapes.map((sizes) =>
          Float64Array.from({ length: sizes.reduce((a, b) => a * b, 1) }, (_, i) => i),
        );
        const tensors = values.map((own, i) => [`t${i}`, tensorOfValues(own, "f16", shapes[i]!)] as const);
        const metadata = [["general.alignment", { type: "u32", value: alignment }]] as const;
        const file = await openGguf(
          bytesSource(await written(content(Object.fromEntries(tensors), metadata)), "made"),
        );
        expect([...file.tensors.values()].map((tensor) => tensor.shape)).toEqual(shapes);
        for (const [i, tensor] of [...file.tensors.values()].entries())
          expect(await readValues(tensor)).toEqual(values[i]);
      },
    ),
    { seed: 4, numRuns: 60 },
  );
});

test("progress counts bytes up to the size of the file", async () => {
  const steps: Progress[] = [];
  const made = content({ a: tensorOfValues([1], "f32", [1]) }, []);
  await writeGguf(memorySink(), made, { onProgress: (step) => steps.push(step) });
  expect(steps.map(({ done, total }) => [done, total])).toEqual([
    [64, 96],
    [68, 96],
    [96, 96],
  ]);
});

describe("what a file cannot hold is refused", () => {
  const one = (tensor: LazyTensor, name = "a"): GgufContent => content({ [name]: tensor });
  test.each<[string, GgufContent, string, string]>([
    ["a type that ggml lacks", one(tensorOfValues([1], "u8", [1])), "DTYPE", "ggml has no type for u8"],
    [
      "an empty tensor",
      one(tensorOfValues([], "f32", [0, 2])),
      "SHAPE",
      "a GGUF file holds no tensor of the shape [0, 2]",
    ],
    [
      "a long name",
      one(tensorOfValues([1], "f32", [1]), "n".repeat(64)),
      "USAGE",
      "a tensor's name takes less than 64 bytes in a GGUF file",
    ],
    [
      "a number out of range",
      content({}, [["k", { type: "i8", value: 128 }]]),
      "NUMERIC",
      "128 is no value of the type i8",
    ],
    [
      "an alignment of 3",
      content({}, [["general.alignment", { type: "u32", value: 3 }]]),
      "USAGE",
      "general.alignment takes a power of 2 of type u32",
    ],
  ])("%s", async (_, made, code, message) => {
    await expect(writeGguf(memorySink(), made)).rejects.toMatchObject({ code, message });
  });
});
