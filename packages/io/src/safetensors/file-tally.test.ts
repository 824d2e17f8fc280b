import type { DType } from "@lora/tensor";
import fc from "fast-check";
import { expect, test } from "vitest";
import { entrySize } from "./entry-size.ts";
import { safetensorsFileBytes } from "./file-bytes.ts";
import { FileTally } from "./file-tally.ts";

const tensor = fc.record({
  name: fc.string({ unit: "grapheme" }).filter((name) => name !== "__metadata__"),
  dtype: fc.constantFrom<DType>("f16", "f32", "u8"),
  shape: fc.array(fc.integer({ min: 0, max: 2000 }), { maxLength: 3 }),
});
const metadata = fc
  .array(
    fc.tuple(
      fc.constantFrom("sshs_model_hash", "note", "é"),
      fc.oneof(fc.string({ unit: "grapheme" }), fc.constant("\n\ud800")),
    ),
  )
  .map((pairs) => new Map(pairs));

test("a tally says what the built header says, file after file", () => {
  const tally = new FileTally();
  fc.assert(
    fc.property(fc.array(tensor, { maxLength: 20 }), metadata, (tensors, texts) => {
      tally.begin(texts);
      for (const { name, ...spec } of tensors) {
        const { textBytes, dataBytes } = entrySize(name, spec);
        tally.add(textBytes, dataBytes);
      }
      const specs = tensors.map(({ name, ...spec }) => [name, spec] as const);
      expect(tally.fileBytes()).toBe(safetensorsFileBytes(specs, texts));
    }),
    { seed: 11, numRuns: 300 },
  );
});
