import * as fc from "fast-check";
import { expect, test } from "vitest";
import { sizesAt } from "./_size-order.ts";

test("the sizes at any places are those of the sorted list", () => {
  fc.assert(
    fc.property(
      fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 60 }),
      fc.nat(),
      (values, place) => {
        const [all, at] = [Float32Array.from(values), place % values.length];
        const sorted = all.map(Math.abs).sort().reverse();
        const half = Math.floor(values.length / 2);
        const pieces = (): Float32Array[] => [all.subarray(0, half), all.subarray(half)];
        expect(sizesAt(pieces, [at, 0])).toEqual([sorted[at], sorted[0]]);
      },
    ),
    { seed: 1 },
  );
});
