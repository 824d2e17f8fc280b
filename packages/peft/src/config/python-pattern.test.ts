import { expect, test } from "vitest";
import patterns from "./patterns.golden.json" with { type: "json" };
import { failure } from "../files.test-helper.ts";
import { pythonSuffixPattern } from "./python-pattern.ts";

test.each(patterns)("$key fits the paths that Python's re.match says", ({ key, paths }) => {
  const fits = pythonSuffixPattern(key);
  expect(Object.fromEntries(Object.keys(paths).map((path) => [path, fits(path)]))).toEqual(paths);
});

test("hand-worked: a key is the end of a path, from a dot or its start", () => {
  const fits = pythonSuffixPattern("foo");
  expect(["foo", "x.foo", "foobar", "xfoo", "foo.x"].map(fits)).toEqual([true, true, false, false, false]);
  expect(["foo", "x.foo"].map(pythonSuffixPattern("^foo"))).toEqual([true, false]);
});

test.each([
  ["(a+)+b", "repeats a group that itself repeats or chooses"],
  ["(a|ab)*c", "repeats a group that itself repeats or chooses"],
  ["((a*)b)*", "repeats a group that itself repeats or chooses"],
  [".*.*.*.*.*x", "is too large to try: 5 open repetitions, 11 characters"],
  ["(a)\\1", "uses syntax that only Python has, or a back reference"],
  ["(?P=name)", "uses syntax that only Python has, or a back reference"],
  ["(?i)foo", "uses syntax that only Python has, or a back reference"],
  ["a++", "uses syntax that only Python has, or a back reference"],
  ["(unclosed", "is not a regular expression that JavaScript can read"],
])("a pattern that may run away or means something else is refused: %s", async (key, why) => {
  const error = await failure(() => pythonSuffixPattern(key));
  expect([error.code, error.message]).toEqual(["UNSUPPORTED", `the pattern "${key}" ${why}`]);
});
