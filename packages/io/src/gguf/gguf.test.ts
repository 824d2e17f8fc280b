import { join } from "node:path";
import { expect, test } from "vitest";
import { expectTensors, openGolden, readGoldens } from "../golden.test-helper.ts";

const goldens = readGoldens(join(import.meta.dirname, "gguf.golden.json"));

test.each(goldens)("what gguf-py writes %s has the same tensors here", async (_, golden) => {
  await expectTensors(await openGolden(golden), golden);
});

test.each(goldens)("its metadata, %s, are texts", async (_, golden) => {
  const { metadata } = await openGolden(golden);
  expect(Object.fromEntries(metadata)).toEqual({
    "general.architecture": "llama",
    "kv.uint8": "7",
    "kv.int8": "-7",
    "kv.uint16": "7",
    "kv.int16": "-7",
    "kv.uint32": "7",
    "kv.int32": "-7",
    "kv.uint64": "7",
    "kv.int64": "-7",
    "kv.float32": "0.1",
    "kv.float64": "0.1",
    "kv.bool": "true",
    "kv.string": "naïve",
    "kv.strings": '["a", "b"]',
    "kv.numbers": "[1, 2, 3]",
    "kv.many": "100 × string",
  });
});
