import * as fc from "fast-check";
import { expect, test } from "vitest";
import { eachMember, parseJson } from "./json-members.ts";

function members(text: string): [string, unknown][] {
  const found: [string, unknown][] = [];
  eachMember(text, "it", ({ from, to }, key) => found.push([key, parseJson(text, "it", from, to)]));
  return found;
}

test("the members of an object are those that JSON.parse finds", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom(0, 1), (object, indent) => {
      const text = JSON.stringify(object, null, indent);
      expect(new Map(members(text))).toEqual(new Map(Object.entries(JSON.parse(text) as object)));
    }),
    { seed: 5 },
  );
});

test.each([
  ["{1:2}", "it is not JSON: a key is missing, at character 1"],
  ['{"a":1,}', "it is not JSON: a key is missing, at character 7"],
  ['{"a" 1}', 'it is not JSON: ":" is missing, at character 5'],
  ['{"a":1 2}', 'it is not JSON: "," is missing, at character 7'],
  ['{"a', "it is not JSON: a string does not end, at character 1"],
  ['{"a":[1', "it is not JSON: a value does not end, at character 5"],
  ['{"a":}', "it is not JSON: a value does not end, at character 5"],
  ['{} "', "it is not JSON: something follows the object, at character 2"],
  [`[${" ".repeat(70_000)}]`, "it is not JSON: it does not begin with an object, at character 0"],
])("%s is refused", (text, message) => {
  expect(() => members(text)).toThrow(expect.objectContaining({ code: "FORMAT", message }));
});
