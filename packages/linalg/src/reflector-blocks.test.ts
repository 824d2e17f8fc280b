import { describe, expect, test } from "vitest";
import { columns, scaled, stackColumns } from "./arrange.ts";
import { minus } from "./checks.test-helper.ts";
import { engines } from "./engines.test-helper.ts";
import { multiply } from "./multiply.ts";
import { maxAbs } from "./norms.ts";
import { randomMatrix } from "./random-matrix.ts";

describe.each(engines)("%s", (_, engine) => {
  test.each([
    [1, 9, [[0, 2]]],
    [
      7,
      130,
      [
        [0, 5],
        [3, 1],
      ],
    ],
    [
      70,
      60,
      [
        [1, 48],
        [49, 11],
      ],
    ],
  ] as const)(
    "%i vectors of %i components are reflected by blocks, the last first",
    (count, length, blocks) => {
      const x = randomMatrix(count, length, 1);
      let expected = x;
      const made = blocks.map(([from, size], seed) => {
        const [v, t] = [randomMatrix(size, length - from, seed), scaled(randomMatrix(size, size, seed), 0.1)];
        return { from, v, t };
      });
      for (const { from, v, t } of made.toReversed()) {
        const part = columns(
          expected,
          Array.from({ length: length - from }, (_unused, i) => from + i),
        );
        const left = columns(
          expected,
          Array.from({ length: from }, (_unused, i) => i),
        );
        const along = multiply(multiply(part, v, { transB: true }), t, { transB: true });
        expected = stackColumns([left, minus(part, multiply(along, v))]);
      }
      engine.reflect(made, x);
      expect(maxAbs(minus(x, expected))).toBeLessThanOrEqual(
        100 * length * Number.EPSILON * maxAbs(expected),
      );
    },
  );
});
