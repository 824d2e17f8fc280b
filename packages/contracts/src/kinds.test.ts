import { kindById, kinds } from "@lora/peft";
import { expect, test } from "vitest";
import { testKind } from "./kind.ts";
import { kindSamples } from "./kind-samples.test-helper.ts";
import { multiplyingKindSamples } from "./multiplying-kind-samples.test-helper.ts";

const samples = [...kindSamples, ...multiplyingKindSamples];

for (const [id, sample] of samples) testKind(kindById(id), sample);

test("every kind has been through the suite", () => {
  expect(new Set(samples.map(([id]) => id))).toEqual(new Set(kinds.map(({ id }) => id)));
});
