import { matrix, randomMatrix } from "@lora/linalg";
import { tensorFile, tensorOfValues } from "@lora/tensor";
import { expect, test } from "vitest";
import { failure } from "../files.test-helper.ts";
import { activationsOfFile } from "./activation-file.ts";
import type { ActivationBatch } from "./activation-source.ts";
import { countedTokens } from "./counted-tokens.ts";
import { addToCovariance, covarianceOf } from "./input-covariance.ts";
import { inputCovariances } from "./input-covariances.ts";
import { meanGradients } from "./mean-gradients.ts";
import { addMoments } from "./moments.ts";
import { tokenMask } from "./token-mask.ts";

test("a mask leaves out padding and tokens that are not learned", () => {
  expect(Array.from(tokenMask({ attentionMask: [1, 1, 1, 0], labels: [-100, 5, 6, 7] }))).toEqual([
    0, 1, 1, 0,
  ]);
  expect(Array.from(tokenMask({ labels: [1, 0], labelMaskValue: 0 }))).toEqual([1, 0]);
  expect(() => tokenMask({ attentionMask: [1, 1], labels: [1] })).toThrow(
    "the attention mask has 2 tokens, the labels have 1",
  );
});

test("only the tokens of the mask count", () => {
  const batch = {
    inputs: new Map([
      [
        "q",
        matrix([
          [1, 2],
          [3, 4],
          [5, 6],
        ]),
      ],
    ]),
    mask: [1, 0, 1],
  };
  expect(countedTokens(batch, "q")).toEqual(
    matrix([
      [1, 2],
      [5, 6],
    ]),
  );
});

test.each([
  ["k", [1, 0, 1], "MISSING", "a batch of activations has no inputs of k"],
  ["q", [1], "SHAPE", "the mask has 1 tokens, the inputs of q have 3"],
] as const)("inputs of %s behind the mask %j are refused", async (module, mask, code, message) => {
  const inputs = new Map([["q", matrix([[1], [2], [3]])]]);
  const error = await failure(() => countedTokens({ inputs, mask }, module));
  expect([error.code, error.message]).toEqual([code, message]);
});

test("hand-worked: a covariance is the mean of Gram matrices, each divided by the largest value's square", () => {
  const first = addToCovariance(
    undefined,
    matrix([
      [2, 1],
      [0, -4],
    ]),
  );
  const sum = addToCovariance(first, matrix([[1, 1]]));
  expect(covarianceOf(sum)).toEqual(
    matrix([
      [(4 / 4 + 1) / 2, (2 / 4 + 1) / 2],
      [(2 / 4 + 1) / 2, (17 / 4 + 1) / 2],
    ]),
  );
  expect(() => addToCovariance(undefined, matrix([[0, -1]]))).toThrow(
    "inputs cannot be divided by their largest value, 0",
  );
  expect(() => addToCovariance(sum, matrix([[1]]))).toThrow(
    "inputs of 2 and of 1 values are not of one module",
  );
});

test("covariances of no batch are refused", async () => {
  await expect(inputCovariances(["q"], { batches: () => [] })).rejects.toThrow(
    "there is no batch among the activations",
  );
});

test("gradients are means over the passes in which a module had one", async () => {
  const one = new Map([
    ["q", matrix([[1, 2]])],
    ["k", matrix([[5]])],
  ]);
  const other = new Map([["q", matrix([[3, 4]])]]);
  expect(Object.fromEntries(await meanGradients([one, other]))).toEqual({
    q: matrix([[2, 3]]),
    k: matrix([[5]]),
  });
  const wrong = new Map([["k", matrix([[1, 2]])]]);
  await expect(meanGradients([one, wrong])).rejects.toThrow(
    "gradients of 1 × 1 and of 1 × 2 are not of one module",
  );
});

test("moments of parts are those of the whole", () => {
  const whole = randomMatrix(30, 4, 1);
  const part = (from: number, to: number): typeof whole => ({
    rows: to - from,
    cols: 4,
    data: whole.data.slice(4 * from, 4 * to),
  });
  const [together, apart] = [
    addMoments(undefined, whole),
    addMoments(addMoments(undefined, part(0, 11)), part(11, 30)),
  ];
  expect(apart.samples).toBe(30);
  for (let j = 0; j < 4; j++) {
    expect(apart.mean[j]).toBeCloseTo(together.mean[j]!, 14);
    expect(apart.variance[j]).toBeCloseTo(together.variance[j]!, 14);
  }
});

test("a file gives its batches in the order of their numbers, leading axes as tokens, with their masks", async () => {
  const file = tensorFile({
    name: "dump",
    tensors: [
      ["q.input.10", tensorOfValues([7, 8], "f32", [1, 2])],
      ["q.input.2", tensorOfValues([1, 2, 3, 4], "f32", [1, 2, 2])],
      ["k.input.2", tensorOfValues([9], "f32", [1, 1])],
      ["mask.2", tensorOfValues([1, 0], "u8", [2])],
      ["other", tensorOfValues([0], "f32", [1])],
    ],
  });
  const batches: ActivationBatch[] = [];
  for await (const batch of activationsOfFile(file, { modules: ["q"] }).batches()) batches.push(batch);
  expect(
    batches.map(({ inputs }) => [...inputs].map(([name, { rows, data }]) => [name, rows, [...data]])),
  ).toEqual([[["q", 2, [1, 2, 3, 4]]], [["q", 1, [7, 8]]]]);
  expect(batches.map(({ mask }) => mask && [...(mask as Float64Array)])).toEqual([[1, 0], undefined]);
  expect(() => activationsOfFile(file, { modules: ["v"] })).toThrow(
    "there are no inputs of v among the activations",
  );
  expect(() => activationsOfFile(tensorFile({ name: "none", tensors: [] }))).toThrow(
    "there are no inputs of any module",
  );
});
