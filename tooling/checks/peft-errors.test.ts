import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const SOURCES = ["packages/peft/src", "packages/jobs/src/combine"];
const CODE = /"(USAGE|FORMAT|SHAPE|DTYPE|NUMERIC|MISSING|UNSUPPORTED)"/g;

/** What a row of the table says. */
interface Refusal {
  readonly code: string;
  readonly text: string;
}

function refusals(): Refusal[] {
  const table = readFileSync(join(ROOT, "docs/peft-errors.md"), "utf8").split("\n");
  return table.flatMap((row) => {
    const [, code, text] = /^\| .* \| ([A-Za-z]+) \| `(.+)` \|$/.exec(row) ?? [];
    return code === undefined ? [] : [{ code, text: text! }];
  });
}

/** The tests of the packages, each from its title to the next one's, without the backslashes of quotes. */
function testBlocks(): string[] {
  return SOURCES.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".test.ts"))
      .flatMap((path) =>
        readFileSync(join(ROOT, folder, path), "utf8")
          .replaceAll("\\", "")
          .split(/^(?= *(?:test|const cases)\b)/m),
      ),
  );
}

/** Whether a test asserts the text with the code: beside it in a row of a table, or the only code of the test. */
function asserts(block: string, { code, text }: Refusal): boolean {
  const at = block.indexOf(text);
  if (at < 0) return false;
  const before = /"([A-Z]{2,})",\s*["'`][^"\n]{0,60}$/.exec(block.slice(0, at))?.[1];
  const after = /^[^\n]{0,60}?["'`],\s*"([A-Z]{2,})"/.exec(block.slice(at + text.length))?.[1];
  const codes = new Set(Array.from(block.matchAll(CODE), ([, each]) => each));
  return before === code || after === code || (codes.size === 1 && codes.has(code));
}

test("every text of docs/peft-errors.md is asserted by a test, with its code", () => {
  const table = refusals();
  const blocks = testBlocks();
  expect(table.length).toBeGreaterThan(100);
  const missing = table.filter((refusal) =>
    blocks.every((block) =>
      refusal.code === "warning" ? !block.includes(refusal.text) : !asserts(block, refusal),
    ),
  );
  expect(missing).toEqual([]);
});
