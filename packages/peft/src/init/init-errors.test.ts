import { randomMatrix, zeros } from "@lora/linalg";
import type { LoraErrorCode } from "@lora/tensor";
import { expect, test } from "vitest";
import { failure } from "../files.test-helper.ts";
import { bindInitialiser } from "./_bind.ts";
import { recordedDraws, seededDraws } from "./_draws.ts";
import type { InitModule } from "./_initialiser.ts";
import { replaceLoraWeightsLoftq } from "./_replace-lora-weights-loftq.ts";

const weight = randomMatrix(6, 8, 1);
const module: InitModule = { out: 6, in: 8, rank: 2, scale: 1, draws: seededDraws(0), weight };
const holed = { ...weight, data: weight.data.map((value, i) => (i === 11 ? Number.NaN : value)) };
const directions = randomMatrix(1, 8, 2);

test.each<[string, object, object, message: string, code: LoraErrorCode]>([
  ["pissa", {}, { rank: 7 }, "rank 7 is above 6, the smaller side of 6 × 8", "SHAPE"],
  [
    "lora_ga",
    {},
    { rank: 4, gradient: weight },
    "rank 4 is above 3, half the smaller side of 6 × 8",
    "SHAPE",
  ],
  ["orthogonal", {}, { rank: 3 }, "orthogonal factors take an even rank, not 3", "USAGE"],
  ["olora", {}, { weight: undefined }, "the initialiser needs the weight", "MISSING"],
  ["olora", {}, { weight: zeros(5, 8) }, "the weight must be 6 × 8, it is 5 × 8", "SHAPE"],
  ["olora", {}, { weight: holed }, "entry (1, 3) of `the weight` is NaN", "NUMERIC"],
  ["lora_ga", {}, {}, "the initialiser needs the gradient", "MISSING"],
  ["corda", {}, {}, "the initialiser needs the covariance of the inputs", "MISSING"],
  ["corda", {}, { covariance: zeros(8, 8) }, "the matrix is not positive definite: pivot 0 is 0", "NUMERIC"],
  ["eva", {}, {}, "the initialiser needs the directions of the inputs", "MISSING"],
  [
    "eva",
    {},
    { components: { directions, singularValues: [1] } },
    "rank 2 takes as many directions of the inputs, 1 are given",
    "SHAPE",
  ],
  ["corda", { method: "xpm" }, {}, "method must be ipm or kpm, it is xpm", "USAGE"],
  ["loftq", { bits: 2 }, {}, "bits must be 4 (nf4) or 8 (int8), it is 2", "USAGE"],
  ["loftq", { iterations: 0 }, {}, "iterations must be a whole number from 1 up, it is 0", "USAGE"],
  [
    "lora_ga",
    { direction: "up" },
    {},
    "direction must be one of ArBr, A2rBr, ArB2r, random, it is up",
    "USAGE",
  ],
  [
    "lora_ga",
    { scale: "big" },
    {},
    "scale must be one of stable, weight_svd, gd_scale, unit, it is big",
    "USAGE",
  ],
  ["lora_ga", { stableGamma: 0 }, {}, "stableGamma must be above 0, it is 0", "USAGE"],
  ["pissa_niter", { iterations: -1 }, {}, "iterations must be a whole number from 0 up, it is -1", "USAGE"],
  [
    "pissa_niter",
    { oversampling: 0.5 },
    {},
    "oversampling must be a whole number from 0 up, it is 0.5",
    "USAGE",
  ],
  ["pissa", { iterations: 1 }, {}, "the initialiser pissa has no option iterations", "USAGE"],
  ["PISSA", {}, {}, "there is no initialiser PISSA", "USAGE"],
])("%s refuses what it cannot use: %j %#", async (id, options, changes, message, code) => {
  const error = await failure(() =>
    bindInitialiser(id, options as Record<string, string>).make({ ...module, ...changes }),
  );
  expect([error.code, error.message]).toEqual([code, message]);
});

test("recorded draws of another size, or none, are refused", () => {
  const draws = recordedDraws([randomMatrix(6, 3, 1)]);
  expect(() => draws.normal(6, 2)).toThrow("draw 0 must be 6 × 2, recorded is 6 × 3");
  draws.normal(6, 3);
  expect(() => draws.permutation(4)).toThrow("draw 1 must be a permutation of 4, recorded is nothing");
});

test("a base without quantised modules has no factors to replace", async () => {
  const error = await failure(() => replaceLoraWeightsLoftq([]));
  const message = "there is no quantised module whose factors could be replaced";
  expect([error.code, error.message]).toEqual(["MISSING", message]);
});
