import { expect, test } from "vitest";
import { valuesByModule } from "./values-by-module.ts";

test("a module that was not measured leaves its own place empty, and no other", () => {
  const modules = [{ name: "a" }, { name: "broken" }, { name: "c" }];
  const found = [
    { name: "c", norm: 3 },
    { name: "a", norm: 1 },
  ];
  expect(valuesByModule(modules, found, ({ norm }) => norm)).toEqual([1, null, 3]);
});
