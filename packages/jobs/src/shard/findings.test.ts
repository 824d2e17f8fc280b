import { expect, test } from "vitest";
import { Findings } from "./findings.ts";

test("numbers, lists and typed arrays come back through text as they were", () => {
  const values = {
    a: { s: Float64Array.of(1 / 3, 2 ** -1074, 0), base: undefined },
    b: { s: new Float64Array(), facts: [1, null, "text", { deep: [Number.NaN] }], missing: null },
    c: { sum: Infinity, least: -Infinity, list: Float64Array.of(Number.NaN, 1) },
    d: 0.1 + 0.2,
  };
  const findings = new Findings();
  for (const [name, value] of Object.entries(values)) findings.of<unknown>("spectrum").set(name, value);
  const again = new Findings();
  again.add(JSON.parse(JSON.stringify(findings)));
  expect(Object.fromEntries(again.of("spectrum"))).toEqual(values);
});

test("what several runs found is put together", () => {
  const findings = new Findings();
  findings.add({ spectrum: [["a", 1]], written: [["a", 2]] });
  findings.add({ spectrum: [["b", 3]] });
  expect([...findings.of<number>("spectrum")]).toEqual([
    ["a", 1],
    ["b", 3],
  ]);
  expect(findings.of<number>("other").size).toBe(0);
});
