import * as fc from "fast-check";
import { expect, test } from "vitest";
import { sizeClass } from "./buffer-pool.ts";

test.each([
  [0, 256],
  [256, 256],
  [257, 320],
  [1024, 1024],
  [1025, 1280],
  [5 * 2 ** 20, 5 * 2 ** 20],
])("%i bytes take a buffer of %i", (bytes, size) => {
  expect(sizeClass(bytes, 2 ** 30)).toBe(size);
});

test("a class holds what it is for, wastes a quarter at most, and never exceeds the device", () => {
  fc.assert(
    fc.property(fc.integer({ min: 257, max: 2 ** 30 }), (bytes) => {
      const size = sizeClass(bytes, 2 ** 30);
      expect(size).toBeGreaterThanOrEqual(bytes);
      expect(size).toBeLessThan(1.25 * bytes + 4);
      expect(size).toBeLessThanOrEqual(2 ** 30);
      expect(size % 4).toBe(0);
    }),
    { seed: 1 },
  );
});

test("at the limit of the device the class is the size itself", () => {
  expect(sizeClass(1000, 1000)).toBe(1000);
});
