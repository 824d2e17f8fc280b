import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import raised from "./peft-raises.json" with { type: "json" };

const ROOT = join(import.meta.dirname, "../..");
const SOURCES = ["packages/peft/src", "packages/jobs/src/combine"];
const CODE = /"(USAGE|FORMAT|SHAPE|DTYPE|NUMERIC|MISSING|UNSUPPORTED)"/g;

/** What a row of the tables says. */
interface Refusal {
  readonly code: string;
  readonly text: string;
}

/** An error of PEFT: where it is raised, and its text with “…” for values. */
interface Raised {
  readonly place: string;
  readonly text: string;
}

const DOCUMENT = readFileSync(join(ROOT, "docs/peft-errors.md"), "utf8");

/** Rows of the tables whose head begins so, without their heads. */
function rowsOf(head: RegExp): string[] {
  const tables = DOCUMENT.split("\n\n").filter((table) => head.test(table));
  return tables.flatMap((table) => table.trim().split("\n").slice(2));
}

function refusals(): Refusal[] {
  return rowsOf(/^\| (?:in )?PEFT \| code/).map((row) => {
    const [, code, text] = /^\| .* \| ([A-Za-z]+) \| `(.+)` \|$/.exec(row)!;
    return { code: code!, text: text! };
  });
}

/** The beginnings of PEFT's texts, or `in` and a place in its sources: in the tables, and in lists of what has no counterpart. */
function quotes(): string[] {
  const first = rowsOf(/^\| PEFT \|/).flatMap((row) => row.slice(2).split(" | ")[0]!.split(" · "));
  return [...first, ...Array.from(DOCUMENT.matchAll(/^- (.+)$/gm), ([, quote]) => quote!)];
}

/** Whether a quote is of this error: its place, or all that is between “…” in this order. */
function quoted(quote: string, { place, text }: Raised): boolean {
  const where = /^in `(.+)`$/.exec(quote)?.[1];
  if (where !== undefined)
    return place === where || (/^[ .]/.test(place.slice(where.length)) && place.startsWith(where));
  let from = 0;
  return quote
    .replaceAll("`", "")
    .split("…")
    .every((piece) => {
      const at = text.replaceAll("`", "").indexOf(piece.trim(), from);
      from = at + piece.trim().length;
      return at >= 0;
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

test("every error that PEFT raises is in docs/peft-errors.md, and every quote there is of one", () => {
  const all = quotes();
  expect(raised.length).toBeGreaterThan(380);
  expect(raised.filter((error) => all.every((quote) => !quoted(quote, error)))).toEqual([]);
  expect(all.filter((quote) => raised.every((error) => !quoted(quote, error)))).toEqual([]);
});

test("every text of docs/peft-errors.md is asserted by a test, with its code", () => {
  const table = refusals();
  const blocks = testBlocks();
  expect(table.length).toBeGreaterThan(120);
  const missing = table.filter((refusal) =>
    blocks.every((block) =>
      refusal.code === "warning" ? !block.includes(refusal.text) : !asserts(block, refusal),
    ),
  );
  expect(missing).toEqual([]);
});
