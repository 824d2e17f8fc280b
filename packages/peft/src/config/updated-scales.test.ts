import fc from "fast-check";
import { expect, test } from "vitest";
import { loraConfigOf } from "./lora-config-text.ts";
import { loraScales } from "./lora-scales.ts";
import { updatedScales } from "./updated-scales.ts";

test("hand-worked: the most frequent values become r and lora_alpha, the rest patterns by full path", () => {
  const config = { base_model_name_or_path: "m", lora_alpha: 16, peft_type: "LORA", r: 8, x_unknown: [1] };
  const scales = new Map([
    ["layers.0.q", { rank: 2, alpha: 4 }],
    ["layers.1.q", { rank: 3, alpha: 6 }],
    ["layers.2.q", { rank: 2, alpha: 4 }],
    ["layers.3.q", { rank: 2, alpha: 5 }],
  ]);
  expect(JSON.stringify(updatedScales(config, scales))).toBe(
    JSON.stringify({
      alpha_pattern: { "layers.1.q": 6, "layers.3.q": 5 },
      base_model_name_or_path: "m",
      lora_alpha: 4,
      peft_type: "LORA",
      r: 2,
      rank_pattern: { "layers.1.q": 3 },
      x_unknown: [1],
    }),
  );
});

test("fields that are not sorted keep their order, and new ones go to the end", () => {
  const fields = updatedScales(
    { r: 8, peft_type: "LORA", lora_alpha: 8 },
    new Map([["a", { rank: 1, alpha: 2 }]]),
  );
  expect(Object.keys(fields)).toEqual(["r", "peft_type", "lora_alpha", "rank_pattern", "alpha_pattern"]);
});

test("of equally frequent ranks the larger becomes r", () => {
  const scales = new Map([
    ["a", { rank: 1, alpha: 1 }],
    ["b", { rank: 4, alpha: 4 }],
  ]);
  expect(updatedScales({}, scales)).toMatchObject({ r: 4, rank_pattern: { a: 1 } });
});

test("a path that is the end of another is anchored, so that it does not speak for both", () => {
  const scales = new Map([
    ["q", { rank: 1, alpha: 1 }],
    ["m.q", { rank: 2, alpha: 2 }],
    ["k", { rank: 3, alpha: 3 }],
    ["v", { rank: 3, alpha: 3 }],
  ]);
  expect(updatedScales({}, scales)["rank_pattern"]).toEqual({ "^q": 1, "m.q": 2 });
});

test("read back, every module has the rank and alpha it was given", () => {
  const path = fc
    .array(fc.constantFrom("a", "b", "q", "0"), { minLength: 1, maxLength: 3 })
    .map((parts) => parts.join("."));
  const value = fc.record({ rank: fc.integer({ min: 1, max: 4 }), alpha: fc.integer({ min: 1, max: 4 }) });
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(path, value), { minLength: 1, selector: ([key]) => key }),
      (entries) => {
        const read = loraScales(loraConfigOf(updatedScales({}, new Map(entries)), "test").config);
        for (const [key, wanted] of entries) expect([key, read.of(key)]).toEqual([key, wanted]);
      },
    ),
    { seed: 1 },
  );
});
