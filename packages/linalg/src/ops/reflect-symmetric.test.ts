import { describe, expect, test } from "vitest";
import { minus } from "../checks.test-helper.ts";
import { identity } from "../create.ts";
import { engines } from "../engines.test-helper.ts";
import { multiply } from "../multiply.ts";
import { maxAbs } from "../norms.ts";
import { randomMatrix } from "../random-matrix.ts";
import { rowsOf } from "../rows-of.ts";

/** Row and component where the block begins. */
const FROM = 2;

describe.each(engines)("%s", (_, engine) => {
  test.each([1, 2, 3, 8, 9, 40])(
    "a symmetric block of %i is reflected on both sides, by its upper half, after what was left of the last time",
    (size) => {
      const n = size + FROM;
      const half = randomMatrix(n, n, 3);
      const full = multiply(half, half, { transB: true });
      const [x, y, v] = [4, 5, 6].map((seed) => randomMatrix(n, 1, seed));
      v.data.fill(0, 0, FROM);
      const pairs = [
        [x, y],
        [y, x],
      ] as const;
      const before = pairs.reduce(
        (sum, [one, other]) => minus(sum, multiply(one, other, { transB: true })),
        full,
      );
      const turn = minus(identity(n), multiply(v, v, { transB: true, alpha: 1.5 }));
      const expected = multiply(multiply(turn, before), turn, { transB: true });
      const rows = rowsOf({ ...full, data: full.data.slice() });
      const w = new Float64Array(n).fill(9);
      engine.withRows([...rows, x.data, y.data, v.data, w], (held) => {
        held.reflectSymmetric({ from: FROM, end: n, x: n, y: n + 1, v: n + 2, w: n + 3 }, 1.5);
      });
      const bound = 100 * n * n * Number.EPSILON * maxAbs(expected);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          const inBlock = i >= FROM && j >= i;
          const left = inBlock && i > FROM ? v.data[i] * w[j] + w[i] * v.data[j] : 0;
          const change = inBlock ? expected : full;
          expect(Math.abs(rows[i][j] - left - change.data[i * n + j])).toBeLessThanOrEqual(bound);
        }
      }
    },
  );
});
