import { multiply, randomMatrix } from "@lora/linalg";
import {
  bindCombineMethod,
  type CombineMethod,
  type CombineOptions,
  gramOf,
  LowRankDelta,
  mergeEntries,
  stackedFactors,
  type WeightedUpdate,
} from "@lora/peft";
import { describe, expect, test } from "vitest";

const [ROWS, COLS] = [12, 9];

/** What every method of combining must do, with its own options at their defaults. */
export function testCombineMethod(method: CombineMethod): void {
  describe(`${method.id} as a method of combining`, () => {
    const parts = [part(1, 3, 0.7), part(2, 5, -0.3)];

    test("every option it names it takes, and no other", () => {
      const given: CombineOptions = { density: 0.5, epsilon: 0.1, outliers: 0.1, sign: "total" };
      for (const [name, value] of Object.entries(given)) {
        const bind = (): unknown => bindCombineMethod(method.id, { [name]: value });
        if ((method.options as readonly string[]).includes(name)) expect(bind).not.toThrow();
        else expect(bind).toThrow(`takes no ${name}`);
      }
    });

    test("the result scales with the weights", () => {
      const doubled = parts.map((each) => ({ ...each, weight: 2 * each.weight }));
      const [once, twice] = [combined(method, parts), combined(method, doubled)];
      const largest = Math.max(...once.map(Math.abs));
      // Entries are made in f32.
      once.forEach((value, i) => expect(Math.abs(twice[i] - 2 * value)).toBeLessThan(1e-5 * largest));
    });

    test("the same updates give the same result", () => {
      expect(combined(method, parts)).toEqual(combined(method, parts));
    });

    test("a zero update leaves everything finite, and two of them give zero", () => {
      const zero = part(3, 2, 1, 0);
      expect(combined(method, [parts[0], zero]).every(Number.isFinite)).toBe(true);
      expect(combined(method, [zero, zero]).every((value) => value === 0)).toBe(true);
    });
  });
}

function part(seed: number, rank: number, weight: number, scale = 0.5): WeightedUpdate {
  const update = { up: randomMatrix(ROWS, rank, seed), down: randomMatrix(rank, COLS, seed + 10), scale };
  return { update, weight };
}

/** What the method makes, written out. */
function combined(method: CombineMethod, parts: readonly WeightedUpdate[]): number[] {
  const rule = method.bind({});
  if (rule.kind === "entries") return [...mergeEntries(rule, parts, { seed: 1 }).data];
  const deltas = parts.map(({ update: { up, down, scale } }) => new LowRankDelta(up, down, { scale }));
  const weights = rule.coefficients(
    gramOf(deltas),
    parts.map(({ weight }) => weight),
  );
  const { up, down } = stackedFactors(parts.map(({ update }, i) => ({ update, weight: weights[i] })));
  return [...multiply(up, down).data];
}
