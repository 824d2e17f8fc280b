import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const SOURCES = join(ROOT, "packages/peft/src");

/** All that the tests of the package say, without the backslashes of their quotes. */
function testTexts(): string {
  const files = readdirSync(SOURCES, { recursive: true, encoding: "utf8" });
  const tests = files.filter((path) => path.endsWith(".test.ts"));
  return tests.map((path) => readFileSync(join(SOURCES, path), "utf8").replaceAll("\\", "")).join("\n");
}

test("every text of docs/peft-errors.md is one that a test asserts", () => {
  const table = readFileSync(join(ROOT, "docs/peft-errors.md"), "utf8").split("\n");
  const texts = table.flatMap((row) => /^\| .* \| [A-Za-z]+ \| `(.+)` \|$/.exec(row)?.[1] ?? []);
  const asserted = testTexts();
  expect(texts.length).toBeGreaterThan(30);
  expect(texts.filter((text) => !asserted.includes(text))).toEqual([]);
});
