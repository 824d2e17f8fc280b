import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

import { nodeImports } from "./browser-bundle.ts";

let folder = "";
const entry = (): string => join(folder, "index.js");

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "browser-"));
  writeFileSync(
    join(folder, "low.js"),
    'import "node:fs";\nimport { join } from "path";\nexport const low = join;',
  );
  writeFileSync(join(folder, "web.js"), "export const web = 1;");
});
afterEach(() => rmSync(folder, { recursive: true }));

test("an entry that stays off Node's modules needs none", async () => {
  writeFileSync(entry(), 'export * from "./web.js";');
  expect(await nodeImports(entry())).toEqual([]);
});

test("modules of Node are found behind other files, with and without their prefix", async () => {
  writeFileSync(entry(), 'export * from "./web.js";\nexport * from "./low.js";');
  expect(await nodeImports(entry())).toEqual([
    expect.stringMatching(/low\.js imports node:fs$/u),
    expect.stringMatching(/low\.js imports path$/u),
  ]);
});

test("an entry that is not there is an error", async () => {
  await expect(nodeImports(join(folder, "absent.js"))).rejects.toThrow("absent.js");
});
