import { matrix, multiply, randomMatrix, referenceBackend, transpose } from "@lora/linalg";
import { encode } from "@lora/tensor";
import { expect, test } from "vitest";
import { weightFacts } from "./weight-facts.ts";

const backend = referenceBackend();
const weight = matrix([
  [3, 0, 0],
  [0, -4, 0],
]);
const v = randomMatrix(3, 2, 1);

test.each([false, true])("facts of a weight, stored as in × out: %s", async (transposed) => {
  const { rows, cols, data } = transposed ? transpose(weight) : weight;
  const tensor = backend.upload(encode(data, "bf16"), { dtype: "bf16", shape: [rows, cols] }, "f32");
  const needs = ["spectralNorm", "frobeniusNorm", "subspaceFactors"] as const;
  const facts = await weightFacts({ backend, tensor, transposed }, { needs, v, seed: 0 });
  expect([facts.out, facts.in, facts.frobeniusNorm]).toEqual([2, 3, 5]);
  expect(Math.abs(facts.spectralNorm!.value - 4)).toBeLessThanOrEqual(4e-8 + 40 * Math.sqrt(5) * 2 ** -24);
  const exact = multiply(weight, v).data;
  expect(facts.timesInputs!.v).toBe(v);
  facts.timesInputs!.product.data.forEach((value, i) =>
    expect(Math.abs(value - exact[i]!)).toBeLessThanOrEqual(6 * 2 ** -24 * 5 * 4),
  );
});

test("what is not asked for is not calculated", async () => {
  const tensor = backend.upload(encode(weight.data, "f32"), { dtype: "f32", shape: [2, 3] }, "f32");
  const wanted = { needs: ["frobeniusNorm"], v, seed: 0 } as const;
  expect(await weightFacts({ backend, tensor, transposed: false }, wanted)).toEqual({
    out: 2,
    in: 3,
    spectralNorm: undefined,
    frobeniusNorm: 5,
    timesInputs: undefined,
  });
});
