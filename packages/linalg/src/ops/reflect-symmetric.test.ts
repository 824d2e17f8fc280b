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
    "a symmetric block of %i is reflected on both sides, by its upper half",
    (size) => {
      const n = size + FROM;
      const half = randomMatrix(n, n, 3);
      const full = multiply(half, half, { transB: true });
      const v = { rows: n, cols: 1, data: randomMatrix(n, 1, 4).data.fill(0, 0, FROM) };
      const turn = minus(identity(n), multiply(v, v, { transB: true, alpha: 1.5 }));
      const expected = multiply(multiply(turn, full), turn, { transB: true });
      const rows = rowsOf({ ...full, data: full.data.slice() });
      engine.withRows([...rows, v.data, new Float64Array(n).fill(9)], (held) => {
        held.reflectSymmetric({ from: FROM, v: n, w: n + 1 }, 1.5);
      });
      const bound = 100 * n * n * Number.EPSILON * maxAbs(expected);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          const change = i < FROM || j < i ? full : expected;
          expect(Math.abs(rows[i][j] - change.data[i * n + j])).toBeLessThanOrEqual(bound);
        }
      }
    },
  );
});
