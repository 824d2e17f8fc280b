import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  energyRule,
  errorRule,
  fixedRule,
  kneeRule,
  svCumulativeRule,
  svFroRule,
  svRatioRule,
} from "./index.ts";
import type { ModuleSpectrum, RankChoice } from "./index.ts";

const context = { fileBytes: () => 0 };

function module(s: readonly number[], more: Partial<ModuleSpectrum> = {}): ModuleSpectrum {
  return { name: "m", layer: "linear", kernel: false, out: 64, in: 64, s: Float64Array.from(s), ...more };
}

function rank(choice: RankChoice, s: readonly number[], more: Partial<ModuleSpectrum> = {}): number {
  return choice.choose([module(s, more)], context).kept[0]!.length;
}

// σ² = 16, 4, 4, 1 of 25; Σσ = 9.
const s = [4, 2, 2, 1];

describe("hand-worked", () => {
  test.each([
    ["fixed keeps what is asked", fixedRule.bind({ rank: 3 }), 3],
    ["fixed keeps no more than there is", fixedRule.bind({ rank: 9 }), 4],
    ["sv-ratio 2 drops values equal to σ₁/2", svRatioRule.bind({ ratio: 2 }), 1],
    ["sv-ratio 3 keeps values above σ₁/3", svRatioRule.bind({ ratio: 3 }), 3],
    ["sv-cumulative takes a share that is reached exactly", svCumulativeRule.bind({ share: 6 / 9 }), 2],
    ["sv-cumulative of the whole is every pair", svCumulativeRule.bind({ share: 1 }), 4],
    ["sv-fro compares norms: the first pair is 4/5", svFroRule.bind({ share: 0.79 }), 1],
    ["sv-fro above 4/5 needs two", svFroRule.bind({ share: 0.81 }), 2],
    ["energy 0.64 is the first pair", energyRule.bind({ share: 0.64 }), 1],
    ["energy 0.65 needs two", energyRule.bind({ share: 0.65 }), 2],
    ["error 3/5 drops all but the first", errorRule.bind({ most: 0.6 }), 1],
    ["error just below 1/5 keeps everything", errorRule.bind({ most: 0.199 }), 4],
    ["error 0 keeps everything", errorRule.bind({ most: 0 }), 4],
  ])("%s", (_, choice, expected) => {
    expect(rank(choice, s)).toBe(expected);
  });

  test("conv rank holds only for kernels above 1 × 1", () => {
    const choice = fixedRule.bind({ rank: 3, convRank: 2 });
    expect(rank(choice, s, { layer: "conv", kernel: true })).toBe(2);
    expect(rank(choice, s, { layer: "conv", kernel: false })).toBe(3);
  });

  test.each([
    ["before the first small value", [10, 9, 8, 0.2, 0.1, 0.05], {}, 3],
    ["nothing dropped from a straight line", [5, 4, 3, 2, 1], {}, 5],
    ["nothing dropped from two pairs", [5, 1], {}, 2],
    ["nothing dropped from equal values", [3, 3, 3], {}, 3],
    ["nothing dropped from a curve that bends down", [10, 9.9, 9.5, 8, 1], {}, 5],
    ["σ halved each time: 2⁻ⁱ − 1 + i/7 is least at i = 2", [128, 64, 32, 16, 8, 4, 2, 1], {}, 2],
    ["σ halved each time is straight in log σ", [128, 64, 32, 16, 8, 4, 2, 1], { scale: "log" }, 8],
    ["a bend in log σ", [1, 0.01, 1e-4, 0.9e-4, 0.8e-4, 0.7e-4], { scale: "log" }, 2],
    ["rounding noise is no part of the curve", [5, 4, 3, 2, 1e-16], { scale: "log" }, 4],
  ])("the knee: %s", (_, values, options, expected) => {
    expect(rank(kneeRule.bind(options), values)).toBe(expected);
  });
});

describe("kohya's ranks as they are", () => {
  test.each([
    ["one more than the criterion", [4, 2, 2, 1], {}, 2],
    ["never all of a full spectrum's count, plus one", [4, 3.9, 3.8, 3.7], { out: 4 }, 4],
    ["a module of zeros keeps one pair", [0, 0], {}, 1],
    ["the scale is no part of the test for zeros", [1e-7, 0.9e-7], { scale: 1e-3 }, 2],
    ["factors up to 1e-6 are zeros", [1e-3, 1e-3], { scale: 1e3 }, 1],
    ["an empty spectrum keeps nothing", [], {}, 0],
  ])("%s", (_, values, more, expected) => {
    expect(rank(svRatioRule.bind({ ratio: 2, kohyaPlusOne: true }), values, more)).toBe(expected);
  });

  test("the title says so", () => {
    expect(svFroRule.bind({ share: 0.9, kohyaPlusOne: true }).title).toBe("sv-fro 0.9, plus one");
  });
});

const choices = [
  fixedRule.bind({ rank: 4 }),
  svRatioRule.bind({ ratio: 5 }),
  svFroRule.bind({ share: 0.9 }),
  svCumulativeRule.bind({ share: 0.9 }),
  energyRule.bind({ share: 0.9 }),
  errorRule.bind({ most: 0.1 }),
  kneeRule.bind({}),
  kneeRule.bind({ scale: "log" }),
];
const spectrum = fc
  .array(fc.double({ min: 1e-300, max: 1e300, noNaN: true }), { minLength: 1, maxLength: 12 })
  .map((values) => values.sort((a, b) => b - a));

describe.each(choices.map((choice) => [choice.title, choice] as const))("%s", (_, choice) => {
  test("keeps 1 … k pairs whatever the spectrum, and never σ = 0", () => {
    fc.assert(
      fc.property(spectrum, fc.nat(3), (values, zeros) => {
        const kept = rank(choice, [...values, ...Array<number>(zeros).fill(0)]);
        return kept >= 1 && kept <= values.length;
      }),
      { seed: 7 },
    );
  });

  test("is the same for ΔW and 2·ΔW", () => {
    fc.assert(
      fc.property(spectrum, (values) => {
        const doubled = values.map((value) => 2 * value);
        return doubled.some((value) => value === Infinity) || rank(choice, values) === rank(choice, doubled);
      }),
      { seed: 7 },
    );
  });

  test("drops a module of zeros and one without pairs", () => {
    expect([rank(choice, [0, 0]), rank(choice, [])]).toEqual([0, 0]);
  });

  test("needs nothing of the base weight", () => {
    expect(choice.needs).toEqual([]);
  });
});

const share = fc.double({ min: 1e-6, max: 1, noNaN: true });

describe.each([
  ["sv-ratio", (x: number) => svRatioRule.bind({ ratio: 1 + 100 * x })],
  ["sv-fro", (x: number) => svFroRule.bind({ share: x })],
  ["sv-cumulative", (x: number) => svCumulativeRule.bind({ share: x })],
  ["energy", (x: number) => energyRule.bind({ share: x })],
  ["error", (x: number) => errorRule.bind({ most: 1 - x })],
  ["fixed", (x: number) => fixedRule.bind({ rank: Math.ceil(12 * x) })],
])("%s", (_, bind) => {
  test("asked for more, keeps no fewer pairs", () => {
    fc.assert(
      fc.property(spectrum, share, share, (values, x, y) => {
        return rank(bind(Math.min(x, y)), values) <= rank(bind(Math.max(x, y)), values);
      }),
      { seed: 7 },
    );
  });
});

test.each([
  [() => fixedRule.bind({ rank: 0 }), "rank must be a whole number, at least 1, it is 0"],
  [
    () => fixedRule.bind({ rank: 4, convRank: 1.5 }),
    "convRank must be a whole number, at least 1, it is 1.5",
  ],
  [() => svRatioRule.bind({ ratio: 1 }), "ratio must be a number above 1, it is 1"],
  [() => svFroRule.bind({ share: 0 }), "share must be above 0 and at most 1, it is 0"],
  [() => svCumulativeRule.bind({ share: 1.1 }), "share must be above 0 and at most 1, it is 1.1"],
  [() => energyRule.bind({ share: Number.NaN }), "share must be above 0 and at most 1, it is NaN"],
  [() => errorRule.bind({ most: 1 }), "most must be at least 0 and below 1, it is 1"],
  [() => kneeRule.bind({ scale: "cubic" }), "scale must be linear or log, it is cubic"],
])("an option outside its limits is refused (%#)", (bind, message) => {
  expect(bind).toThrow(expect.objectContaining({ code: "USAGE", message }));
});
