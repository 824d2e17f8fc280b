import fc from "fast-check";
import { expect, test } from "vitest";
import { ownedUnits, type Unit } from "./share.ts";

const units = fc
  .array(fc.nat(1000), { maxLength: 40 })
  .map((sizes) => sizes.map((bytes, i): Unit => ({ name: `module ${i}`, bytes })));

const sharesOf = (all: readonly Unit[], count: number): string[][] =>
  Array.from({ length: count }, (_, i) => [...ownedUnits(all, { index: i + 1, count })]);

test("every unit belongs to one share, and shares are runs of neighbours", () => {
  fc.assert(
    fc.property(units, fc.integer({ min: 1, max: 12 }), (all, count) => {
      expect(sharesOf(all, count).flat()).toEqual(all.map(({ name }) => name));
    }),
    { seed: 1 },
  );
});

test("no share has more than its part and one unit", () => {
  fc.assert(
    fc.property(units, fc.integer({ min: 1, max: 12 }), (all, count) => {
      const sizes = new Map(all.map(({ name, bytes }) => [name, bytes]));
      const total = all.reduce((sum, { bytes }) => sum + bytes, 0);
      const largest = Math.max(0, ...sizes.values());
      for (const share of sharesOf(all, count)) {
        const bytes = share.reduce((sum, name) => sum + sizes.get(name)!, 0);
        // Half a unit reaches over at either end; sums of whole numbers are exact, the quotient is rounded.
        expect(bytes).toBeLessThanOrEqual(total / count + largest + 1);
      }
    }),
    { seed: 2 },
  );
});

test.each([
  [
    [1, 1, 1, 1],
    2,
    [
      [0, 1],
      [2, 3],
    ],
  ],
  [[8, 1, 1], 2, [[0], [1, 2]]],
  [[1, 8, 1], 3, [[0], [1], [2]]],
  [[5], 3, [[], [0], []]],
  [[0, 0], 2, [[0, 1], []]],
])("units of %j bytes in %i shares", (sizes, count, expected) => {
  const all = sizes.map((bytes, i) => ({ name: String(i), bytes }));
  expect(sharesOf(all, count)).toEqual(expected.map((share) => share.map(String)));
});

test.each([
  [0, 4],
  [5, 4],
  [1.5, 4],
])("there is no share %d of %d", (index, count) => {
  expect(() => ownedUnits([], { index, count })).toThrow(`there is no share ${index} of ${count}`);
});
