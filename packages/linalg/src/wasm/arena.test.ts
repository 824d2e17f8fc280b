import { expect, test } from "vitest";
import { Arena } from "./arena.ts";

test("what is allocated in a scope is taken back, and does not overlap with what is kept", () => {
  const arena = new Arena();
  const kept = arena.allocate(100);
  const inner = arena.scope(() => [arena.allocate(8), arena.allocate(200_000)]);
  expect(inner[0]).toBeGreaterThanOrEqual(kept + 100);
  expect(inner[1]).toBeGreaterThanOrEqual(inner[0] + 8);
  expect(arena.doubles.length * 8).toBeGreaterThanOrEqual(inner[1] + 200_000); // it has grown
  expect(arena.allocate(8)).toBe(inner[0]);
});

test("more than WASM can address is refused, and nothing is lost by it", () => {
  const arena = new Arena();
  expect(() => arena.scope(() => arena.allocate(2 ** 33))).toThrow(
    "the memory of the WASM engine cannot grow to 8589934592 bytes",
  );
  expect(arena.allocate(8)).toBe(0);
});
