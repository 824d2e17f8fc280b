import * as fc from "fast-check";
import { expect, test } from "vitest";
import { duplicateKey } from "./duplicate-key.ts";

test.each([
  ['{"a":1,"a":2}', "a"],
  ['{"a":{"b":1, "b" :2}}', "b"],
  ['{"a":1,"\\u0061":2}', "a"],
  ['[{"a":1},{"a":1}]', undefined],
  ['{"a":{"a":{"a":1}},"b":"a"}', undefined],
  ['{"a":["a","a",{"a":"a"}]}', undefined],
  ['{"a":"\\"a\\":","b\\\\":1,"\\"":2}', undefined],
  ['"a"', undefined],
  ["  {} ", undefined],
])("in %s the key twice is %s", (json, key) => {
  expect(duplicateKey(json)).toBe(key);
});

test("what JSON.stringify writes holds no key twice, and every key once more is found", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string(), fc.string(), (value, key, other) => {
      expect(duplicateKey(JSON.stringify(value, null, 1))).toBeUndefined();
      const inner = JSON.stringify({ [key]: value });
      expect(duplicateKey(`{${JSON.stringify(`${key}x`)}:${inner},${inner.slice(1, -1)}}`)).toBeUndefined();
      expect(
        duplicateKey(`{${inner.slice(1, -1)},${JSON.stringify(`${key}y${other}`)}:0,${inner.slice(1, -1)}}`),
      ).toBe(key);
    }),
    { seed: 3 },
  );
});
