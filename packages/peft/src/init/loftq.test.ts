import { frobeniusNorm, type Matrix, matrix, multiply, randomMatrix, scaled } from "@lora/linalg";
import { describe, expect, test } from "vitest";
import { listed, relativeDifference } from "../golden.test-helper.ts";
import { bindInitialiser } from "./_bind.ts";
import { seededDraws } from "./_draws.ts";
import type { InitFactors } from "./_initialiser.ts";
import golden from "./loftq.golden.json" with { type: "json" };
import { throughInt8, throughNf4 } from "./_quantise.ts";
import { replaceLoraWeightsLoftq } from "./_replace-lora-weights-loftq.ts";
import { differenceOf } from "./_residual.ts";

test("hand-worked: NF4 rounds to the nearest of its values times the largest magnitude of a block", () => {
  // 0.04 is above the midpoint 0.0398 of 0 and 0.0796; −0.84 is above that of −1 and −0.696, −0.85 below.
  const read = throughNf4(matrix([[2, 0.08, 0.079, -1.68, -1.7, 0]]));
  expect(Array.from(read.data)).toEqual([2, 2 * 0.07958029955625534, 0, 2 * -0.6961928009986877, -2, 0]);
});

test("a block of NF4 has 64 values, the last may have fewer", () => {
  const row = Array.from({ length: 70 }, (_, index) => (index < 64 ? 1 : 100));
  expect(Array.from(throughNf4(matrix([row])).data)).toEqual(row);
});

test("hand-worked: eight bits are 127 steps up to the largest magnitude of a row, halves to even", () => {
  expect(
    Array.from(
      throughInt8(
        matrix([
          [127, 0.5, 1.5, -2.5],
          [0, 0, 0, 0],
        ]),
      ).data,
    ),
  ).toEqual([127, 0, 2, -2, 0, 0, 0, 0]);
});

const weight = randomMatrix(24, 32, 5);
const module = { out: 24, in: 32, rank: 4, draws: seededDraws(0), weight };

function left({ up, down, base }: InitFactors, scale: number): number {
  const rest = differenceOf(differenceOf(weight, base!), scaled(multiply(up, down), scale));
  return frobeniusNorm(rest) / frobeniusNorm(weight);
}

describe.each([4, 8])("loftq at %i bits", (bits) => {
  const make = (options: object, scale = 1): InitFactors =>
    bindInitialiser("loftq", { bits, ...options }).make({ ...module, scale });

  test("the base is the quantised weight, and the factors the best for what it lacks", () => {
    const made = make({});
    const quantised = (bits === 4 ? throughNf4 : throughInt8)(weight);
    expect(made.base).toEqual(quantised);
    expect(left(made, 1)).toBeLessThan(
      frobeniusNorm(differenceOf(weight, quantised)) / frobeniusNorm(weight),
    );
  });

  test("more turns do not make it worse", () => {
    expect(left(make({ iterations: 5 }), 1)).toBeLessThanOrEqual(left(make({}), 1) * (1 + 1e-12));
  });

  test("the sum is as good at any scale, where PEFT's is right for 1 only", () => {
    expect(left(make({}, 3), 3)).toBeCloseTo(left(make({}), 1), 12);
    expect(left(make({ peftScale: true }, 3), 3)).toBeGreaterThan(left(make({}), 1));
  });
});

test("factors for a base that is quantised already are those of one turn, where they are accepted", async () => {
  const quantised = throughNf4(weight);
  const modules = ["a", "b"].map((name) => ({ name, rank: 4, scale: 2, weight, quantised }));
  const asked: string[] = [];
  const replaced = await replaceLoraWeightsLoftq(modules, {
    accept: (name) => {
      asked.push(name);
      return name === "b";
    },
  });
  expect(asked).toEqual(["a", "b"]);
  expect([...replaced.keys()]).toEqual(["b"]);
  const { up, down } = bindInitialiser("loftq").make({ ...module, scale: 2 });
  const product = (one: Pick<InitFactors, "up" | "down">): Matrix => multiply(one.up, one.down);
  expect(relativeDifference(product(replaced.get("b")!), product({ up, down }))).toBeLessThan(1e-12);
  expect((await replaceLoraWeightsLoftq(modules)).size).toBe(2);
});

// Made by tooling/goldens/loftq.py: PEFT 0.21 in float64, printed to twelve digits.
const TOLERANCE = 1e-9;

test.each(golden.init)("PEFT's loftq_init: $bits bits, $iterations turns", (one) => {
  const { bits, iterations, rank } = one;
  const options = { bits, iterations, peftScale: true };
  const given = { out: 12, in: 16, rank, scale: 2, weight: listed(one.weight), draws: seededDraws(0) };
  const { up, down, base } = bindInitialiser("loftq", options).make(given);
  expect(relativeDifference(base!, listed(one.base))).toBeLessThan(TOLERANCE);
  expect(relativeDifference(multiply(up, down), listed(one.update))).toBeLessThan(TOLERANCE);
  const magnitudes = ({ data, ...sizes }: Matrix): Matrix => ({ ...sizes, data: data.map(Math.abs) });
  expect(relativeDifference(magnitudes(up), listed(one.up))).toBeLessThan(TOLERANCE);
  expect(relativeDifference(magnitudes(down), listed(one.down))).toBeLessThan(TOLERANCE);
});

test("the values of NF4 are quantiles of the normal distribution, to the digits of bitsandbytes' singles", () => {
  const { quantiles } = golden;
  const read = throughNf4(matrix([quantiles])).data;
  expect(new Set(read).size).toBe(16);
  read.forEach((value, i) => expect(Math.abs(value - quantiles[i]!)).toBeLessThan(2 ** -22));
});

test("NF4 rounds up above the thresholds of bitsandbytes' kernel, and not below them", () => {
  // dQuantizeNF4 in csrc/kernels.cu, in singles.
  const thresholds = [
    -0.8480964004993439, -0.6106329262256622, -0.4599952697753906, -0.33967943489551544, -0.23460740596055984,
    -0.13791173323988914, -0.045525018125772476, 0.03979014977812767, 0.1202552504837513, 0.2035212516784668,
    0.2920137718319893, 0.3893125355243683, 0.5016634166240692, 0.6427869200706482, 0.8614784181118011,
  ];
  const codes = Array.from(throughNf4(matrix([golden.quantiles])).data);
  const read = (value: number): number => codes.indexOf(throughNf4(matrix([[1, value]])).data[1]!);
  thresholds.forEach((threshold, i) => {
    expect([read(threshold - 2 ** -22), read(threshold + 2 ** -22)]).toEqual([i, i + 1]);
  });
});

test("PEFT's replace_lora_weights_loftq: modules in order, and those kept that the callback keeps", async () => {
  const { asked, modules } = golden.replaced;
  const kept = modules.filter((one) => one.kept);
  const given = modules.map(({ name, rank, weight: before }) => ({
    name,
    rank,
    scale: 2,
    weight: listed(before),
    quantised: throughNf4(listed(before)),
  }));
  given.forEach(({ quantised }, i) =>
    expect(relativeDifference(quantised, listed(modules[i]!.quantised))).toBeLessThan(TOLERANCE),
  );
  const names: string[] = [];
  const accept = (name: string): boolean =>
    names.push(name) > 0 && modules.some((one) => one.name === name && one.kept);
  const replaced = await replaceLoraWeightsLoftq(given, { accept, peftScale: true });
  expect(names).toEqual(asked);
  expect([...replaced.keys()]).toEqual(kept.map(({ name }) => name));
  for (const { name, update } of kept) {
    const { up, down } = replaced.get(name)!;
    expect(relativeDifference(multiply(up, down), listed(update))).toBeLessThan(TOLERANCE);
  }
});
