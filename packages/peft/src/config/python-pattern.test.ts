import { LoraError } from "@lora/tensor";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import golden from "./python-patterns.golden.json" with { type: "json" };
import patterns from "./patterns.golden.json" with { type: "json" };
import { failure } from "../files.test-helper.ts";
import { parsePattern } from "./pattern/parse.ts";
import { Run } from "./pattern/run.ts";
import { pythonFullMatch, pythonMatch, pythonSuffixPattern } from "./python-pattern.ts";

interface Judged {
  readonly pattern: string;
  readonly error?: boolean;
  readonly full?: string;
  readonly ends?: string;
}
const { names, cases } = golden as { names: string[]; cases: Judged[] };

describe("expressions of Python", () => {
  test("mean what they mean there: which names they fit, and where the first choice ends", () => {
    const sound = cases.filter(({ error }) => error !== true);
    expect(sound.map(({ pattern }) => judge(pattern))).toEqual(sound);
  });

  test("what Python refuses is refused as a mistake", () => {
    const refused = cases.filter(({ error }) => error === true).map(({ pattern }) => pattern);
    expect(refused.filter((pattern) => codeOf(pattern) !== "USAGE")).toEqual([]);
  });
});

function judge(pattern: string): Judged {
  const fits = pythonFullMatch(pattern);
  return {
    pattern,
    full: names.map((name) => Number(fits(name))).join(""),
    ends: names.map((name) => firstEnd(pattern, name)).join(" "),
  };
}

/** Where Python's first choice ends: the order in which the places were found. */
function firstEnd(pattern: string, name: string): string {
  const run = new Run(pattern, name);
  const [first] = parsePattern(pattern).step(run, 0);
  return first === undefined ? "-" : String(run.position(first));
}

function codeOf(pattern: string): string | undefined {
  try {
    pythonFullMatch(pattern);
    return undefined;
  } catch (error) {
    return error instanceof LoraError ? error.code : "not a LoraError";
  }
}

test.each(patterns)("$key fits the paths that Python's re.match says", ({ key, paths }) => {
  const fits = pythonSuffixPattern(key);
  expect(Object.fromEntries(Object.keys(paths).map((path) => [path, fits(path)]))).toEqual(paths);
});

test("hand-worked: a key is the end of a path, from a dot or its start", () => {
  const fits = pythonSuffixPattern("foo");
  expect(["foo", "x.foo", "foobar", "xfoo", "foo.x"].map(fits)).toEqual([true, true, false, false, false]);
  expect(["foo", "x.foo"].map(pythonSuffixPattern("^foo"))).toEqual([true, false]);
});

test("hand-worked: the group idx holds the first number for a lazy beginning, the last for a greedy one", () => {
  const path = "layers.3.experts.5.up";
  expect(pythonMatch(String.raw`.*?\.(?P<idx>\d+)\.`)(path)).toBe("3");
  expect(pythonMatch(String.raw`.*\.(?P<idx>\d+)\.`)(path)).toBe("5");
  expect(pythonMatch(String.raw`layers|(?P<idx>\d+)`)(path)).toBe("");
  expect(pythonMatch("blocks")(path)).toBeUndefined();
});

test.each([
  ["(a)\\1", "has a back reference (\\1)"],
  ["(?P<n>a)(?P=n)", "has a back reference ((?P=…))"],
  ["(a)?(?(1)b)", "has a condition on a group ((?(…)…))"],
  ["(?m)^a", "has the flag m"],
  ["(?x: a )", "has the flag x"],
  ["\\N{DIGIT ONE}", "has a character by name (\\N)"],
  ["a{1001}", "has a repetition of more than 1000 times"],
  [`${"(".repeat(65)}a${")".repeat(65)}`, "has more than 64 groups in each other"],
  ["a".repeat(8193), "has 8193 characters; at most 8192 are tried"],
])("a construct that is not translated is named: %s", async (pattern, why) => {
  const error = await failure(() => pythonFullMatch(pattern));
  expect([error.code, error.message]).toEqual(["UNSUPPORTED", `the pattern "${pattern}" ${why}`]);
  expect(error.advice).toBe("write it without, or list the names of the modules");
});

test.each([
  ["(unclosed", "a parenthesis is not closed"],
  ["a)", "a parenthesis is closed that was not opened"],
  ["*a", "there is nothing to repeat"],
  ["a**", "a repetition is repeated"],
  ["a{2,1}", "a repetition from 2 to 1 times"],
  ["[a", "a bracket is not closed"],
  ["[z-a]", "a range in brackets must go up from one character to another"],
  ["\\q", "there is no escape \\q"],
  ["a\\", "it ends in a backslash"],
  ["\\x6", "\\x needs 2 hexadecimal digits of a character"],
  ["\\400", "\\400 is above \\377"],
  ["[\\8]", "there is no escape \\8"],
  ["(?<=a+)b", "a look behind must have one width"],
  ["(?#a", "a comment is not closed"],
  ["(?P<1>a)", '"1" is no name for a group'],
  ["(?P<n>a)(?P<n>b)", "two groups are named n"],
  ["(?&a)", "there is no group (?&"],
  ["a(?i)b", "flags for the whole must stand at its start"],
  ["(?i,a)", "flags must be followed by a colon"],
  ["(?-a:b)", "the flags a cannot be taken away"],
  ["(?z)a", "there are no flags z"],
  ["(?au)b", "the flags a and u exclude each other"],
])("what is no expression of Python is refused: %s", async (pattern, why) => {
  const error = await failure(() => pythonFullMatch(pattern));
  const message = `the pattern "${pattern}" is not an expression of Python: ${why}`;
  expect([error.code, error.message]).toEqual(["USAGE", message]);
});

test("patterns that run away in backtracking end soon", () => {
  const name = "a".repeat(200);
  for (const pattern of ["(a+)+b", "(a|aa)*c", "((a*)*b)*", ".*.*.*.*.*x", "(?:a?){100}b"]) {
    expect([pattern, pythonFullMatch(pattern)(name)]).toEqual([pattern, false]);
  }
});

test("what would still take too long is refused", async () => {
  const slow = await failure(() => pythonFullMatch(".*".repeat(100))("a".repeat(1024)));
  expect(slow.message).toBe(`the pattern "${".*".repeat(100)}" takes more than 10000000 steps on one name`);
  const long = await failure(() => pythonFullMatch("a")("a".repeat(1025)));
  expect(long.message).toBe("a name has 1025 characters; patterns are tried on at most 1024");
});

test("messages quote the key of a pattern, not the frame it is put into", async () => {
  const error = await failure(() => pythonSuffixPattern("(?i)foo"));
  const why = "flags for the whole must stand at its start";
  expect(error.message).toBe(`the pattern "(?i)foo" is not an expression of Python: ${why}`);
});

test("keys without constructs are compared as the general matcher compares them", () => {
  const key = fc.stringMatching(/^\^?[a.1-]{1,4}$/);
  const path = fc.string({ unit: fc.constantFrom("a", ".", "1", "-", "\n", "é", "😀"), maxLength: 6 });
  fc.assert(
    fc.property(key, path, (end, name) => {
      // A group around the key makes it one for the general matcher.
      expect(pythonSuffixPattern(end)(name)).toBe(pythonSuffixPattern(`(?:${end})`)(name));
    }),
    { seed: 1, numRuns: 2000 },
  );
});
