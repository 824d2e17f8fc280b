import { expect, test } from "vitest";
import { LazyMap } from "./lazy-map.ts";

test("it reads as a map of the same pairs", () => {
  const pairs: [string, number][] = [
    ["b", 1],
    ["a", 2],
  ];
  const plain = new Map(pairs);
  const lazy = new LazyMap({
    size: 2,
    key: (index) => pairs[index]![0],
    value: (index) => pairs[index]![1],
    get: (key) => plain.get(key),
  });
  expect([lazy.size, lazy.get("a"), lazy.get("c"), lazy.has("b"), lazy.has("c")]).toEqual([
    2,
    2,
    undefined,
    true,
    false,
  ]);
  expect([[...lazy], [...lazy.keys()], [...lazy.values()]]).toEqual([pairs, ["b", "a"], [1, 2]]);
  expect(new Map(lazy)).toEqual(plain);
  const visited: unknown[] = [];
  lazy.forEach((value, key, map) => visited.push([key, value, map === lazy]));
  expect(visited).toEqual(pairs.map((pair) => [...pair, true]));
});
