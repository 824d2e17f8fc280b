import { expect, test } from "vitest";
import { expectWithin } from "./checks.test-helper.ts";
import golden from "./linalg.golden.json" with { type: "json" };
import { naturalLogarithm } from "./natural-logarithm.ts";
import { randomMatrix } from "./random-matrix.ts";
import { seededRandom, xoshiro } from "./seeded-random.ts";

// Made by tooling/goldens/linalg.py, which has all of it a second time, in Python.
test("xoshiro128** gives the numbers of its reference implementation", () => {
  const next = xoshiro(Uint32Array.of(1, 2, 3, 4));
  expect(golden.random.words.map(() => next())).toEqual(golden.random.words);
});

test.each(golden.random.streams)("the streams of seed $seed never change", ({ seed, uniforms, normals }) => {
  const [first, second] = [seededRandom(seed), seededRandom(seed)];
  expect(uniforms.map(() => first.uniform())).toEqual(uniforms);
  // Python's logarithm may differ in the last bit.
  expectWithin(
    normals.map(() => second.normal()),
    normals,
    8 * Number.EPSILON,
  );
});

test("seeds that differ give streams that differ, fractions and negative ones too", () => {
  const firsts = [0, 1, -1, 0.5, 2 ** 53 - 1, 2 ** 32, 1e300].map((seed) => seededRandom(seed).uniform());
  expect(new Set(firsts).size).toBe(firsts.length);
});

test("uniforms fill [0, 1) evenly", () => {
  const random = seededRandom(3);
  const counts = new Uint32Array(16);
  for (let i = 0; i < 16_000; i++) counts[Math.floor(random.uniform() * 16)]++;
  // 1000 each, with a standard deviation of about 31; five of them.
  for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(155);
});

test("normals have mean 0, variance 1, no skew and fourth moment 3", () => {
  const count = 40_000;
  const { data } = randomMatrix(count / 100, 100, 5);
  const moment = (power: number): number => data.reduce((sum, value) => sum + value ** power, 0) / count;
  // Five standard deviations of each mean: √(Var xᵖ / count) with Var 1, 2, 15, 96.
  for (const [power, expected, variance] of [
    [1, 0, 1],
    [2, 1, 2],
    [3, 0, 15],
    [4, 3, 96],
  ]) {
    expect(Math.abs(moment(power) - expected)).toBeLessThan(5 * Math.sqrt(variance / count));
  }
});

test("the logarithm is that of the engine, to rounding", () => {
  const random = seededRandom(6);
  for (let i = 0; i < 10_000; i++) {
    const x = random.uniform() + 2 ** -54;
    expect(Math.abs(naturalLogarithm(x) - Math.log(x))).toBeLessThanOrEqual(2 ** -50 * Math.abs(Math.log(x)));
  }
});
