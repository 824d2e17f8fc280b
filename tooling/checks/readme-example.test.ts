import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

import { root } from "../workspace.ts";
import { firstExample, runExample } from "./readme-example.ts";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "example-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function run(markdown: string): ReturnType<typeof runExample> {
  writeFileSync(join(folder, "README.md"), markdown);
  return runExample(relative(root, folder), folder);
}

test("the example is the first block of TypeScript or JavaScript", () => {
  expect(firstExample("```sh\nnpm i\n```\n\n```ts\nfirst();\n```\n\n```js\nsecond();\n```\n")).toBe(
    "first();\n",
  );
  expect(firstExample("```sh\nnpm i\n```\n")).toBeUndefined();
});

test("an example runs with its types taken off", async () => {
  const markdown = '```ts\nconst shape: readonly number[] = [2, 3];\nconsole.log(shape.join(" × "));\n```\n';
  expect(await run(markdown)).toEqual({ ok: true, output: "2 × 3\n" });
});

test("an example that throws fails with what it printed", async () => {
  const { ok, output } = await run('```js\nthrow new Error("no such file");\n```\n');
  expect(ok).toBe(false);
  expect(output).toContain("no such file");
});

test("a README without an example fails", async () => {
  const { ok, output } = await run("# Nothing\n");
  expect(ok).toBe(false);
  expect(output).toMatch(/README\.md has no block of ts or js\.$/mu);
});
