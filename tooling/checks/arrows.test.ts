import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

import { arrowProblems } from "./arrow-problems.ts";
import { readArrows } from "./arrow-table.ts";
import { cycles } from "./cycles.ts";
import { importsOf } from "./imports.ts";

const arrows = {
  imports: { "@lora/low": [], "@lora/high": ["@lora/low"], "@lora/app": ["@lora/high"], "@lora/suites": [] },
  onlyInTests: ["@lora/suites"],
};
let root = "";

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "arrows-"));
  add("package.json", JSON.stringify({ devDependencies: { vitest: "1" } }));
  addPackage("packages/low", "@lora/low");
  addPackage("packages/high", "@lora/high", "@lora/low");
  addPackage("packages/suites", "@lora/suites");
  addPackage("apps/app", "@lora/app", "@lora/high");
  add("packages/high/src/a.ts", 'import { low } from "@lora/low";\nimport { b } from "./b.ts";');
  add("packages/high/src/b.ts", "export const b = 1;");
  add("apps/app/src/app.ts", 'import "node:fs";\nexport * from "@lora/high";');
});
afterEach(() => rmSync(root, { recursive: true }));

function add(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function addPackage(folder: string, name: string, ...dependencies: readonly string[]): void {
  const manifest = { name, exports: { ".": "./src/index.ts" } };
  const versions = Object.fromEntries(dependencies.map((one) => [one, "workspace:^"]));
  add(`${folder}/package.json`, JSON.stringify({ ...manifest, dependencies: versions }));
}

test("imports along the arrows are no problem", () => {
  add("packages/low/src/node/read.ts", 'import { open } from "node:fs/promises";');
  add("packages/low/src/a.test.ts", 'import "node:fs";\nimport "vitest";');
  expect(arrowProblems(root, arrows)).toEqual([]);
});

test.each([
  [
    "an import against the arrow",
    "packages/low/src/a.ts",
    'import type { High } from "@lora/high";',
    [
      "packages/low/src/a.ts imports @lora/high; @lora/low may import nothing of this workspace",
      "packages/low/package.json: dependencies lack @lora/high",
    ],
  ],
  [
    "an import that skips a layer",
    "apps/app/src/b.ts",
    'const low = await import("@lora/low");',
    [
      "apps/app/src/b.ts imports @lora/low; @lora/app may import @lora/high",
      "apps/app/package.json: dependencies lack @lora/low",
    ],
  ],
  [
    "a suite in published code",
    "packages/high/src/c.ts",
    'import "@lora/suites";',
    [
      "packages/high/src/c.ts imports @lora/suites, which is for tests only",
      "packages/high/package.json: dependencies lack @lora/suites",
    ],
  ],
  [
    "a path past the export map",
    "packages/high/src/c.ts",
    'export { deep } from "@lora/low/deep";',
    ['packages/high/src/c.ts imports @lora/low/deep; @lora/low does not export "./deep"'],
  ],
  [
    "a relative path into another package",
    "packages/high/src/c.ts",
    'import "../../low/src/a.ts";',
    ["packages/high/src/c.ts imports ../../low/src/a.ts, which is outside packages/high"],
  ],
  [
    "a module of Node outside src/node/",
    "packages/low/src/a.ts",
    'import { readFile } from "fs";',
    ["packages/low/src/a.ts imports fs; in packages/low only src/node/ may"],
  ],
  [
    "a cycle of files",
    "packages/high/src/b.ts",
    'import { type A, a } from "./a.ts";\nexport const b = a;',
    ["import cycle: packages/high/src/a.ts → packages/high/src/b.ts → packages/high/src/a.ts"],
  ],
  [
    "a package that tests import and nobody lists",
    "packages/low/src/a.test.ts",
    'import "fast-check";',
    ["packages/low/package.json: devDependencies lack fast-check, which tests import"],
  ],
])("%s is refused", (_, path, source, problems) => {
  add(path, source);
  expect(arrowProblems(root, arrows)).toEqual(problems);
});

test("a dependency that no source imports is refused", () => {
  addPackage("packages/low", "@lora/low", "left-pad");
  expect(arrowProblems(root, arrows)).toEqual(["packages/low/package.json: no source imports left-pad"]);
});

test("a package that the table does not know is refused", () => {
  addPackage("packages/new", "@lora/new");
  expect(arrowProblems(root, arrows)).toEqual(["@lora/new is not in tooling/checks/arrows.json"]);
});

test("the table itself points down only: each package stands below those that may import it", () => {
  const order = Object.keys(readArrows().imports);
  for (const [name, lower] of Object.entries(readArrows().imports)) {
    for (const other of lower)
      expect(order.indexOf(other), `${name} → ${other}`).toBeLessThan(order.indexOf(name));
  }
});

test("types may refer to each other", () => {
  add("packages/high/src/b.ts", 'import type { A } from "./a.ts";\nexport type { C } from "./a.ts";');
  expect(arrowProblems(root, arrows)).toEqual([]);
});

test("imports in comments, strings and templates are none", () => {
  const source =
    '// import "a";\n/** import "b" */\nconst text = `\nimport "c";\n`;\nconst d = import(name);';
  expect(importsOf("a.ts", source)).toEqual([]);
});

test("each module is imported once, for types alone where every import of it is", () => {
  const source = 'import type { A } from "a";\nimport { b } from "a";\nexport type * from "c";\nimport "d";';
  expect(importsOf("a.ts", source)).toEqual([
    { specifier: "a", typeOnly: false },
    { specifier: "d", typeOnly: false },
    { specifier: "c", typeOnly: true },
  ]);
});

test("a file that does not parse is named", () => {
  expect(() => importsOf("a.ts", "import {")).toThrow("a.ts: ");
});

test("a cycle is found once, from where it is entered, and shared successors are none", () => {
  const graph = { a: ["b", "c"], b: ["d"], c: ["d"], d: ["e"], e: ["b"], f: ["f"] };
  expect(cycles(new Map(Object.entries(graph)))).toEqual([
    ["b", "d", "e", "b"],
    ["f", "f"],
  ]);
});
