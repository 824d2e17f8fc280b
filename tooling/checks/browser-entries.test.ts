import { expect, test } from "vitest";

import { browserEntries } from "./browser-entries.ts";

test("browsers may load all that is exported, but for what is Node's and what is no code", () => {
  const entry = (path: string): object => ({ types: `${path}.d.ts`, default: `${path}.js` });
  const exports = {
    ".": entry("./dist/index"),
    "./node": entry("./dist/node/index"),
    "./node/worker": entry("./dist/node/worker"),
    "./web": entry("./dist/web/index"),
    "./package.json": "./package.json",
  };
  expect(browserEntries({ name: "one", exports })).toEqual(["./dist/index.js", "./dist/web/index.js"]);
  expect(browserEntries({ name: "none" })).toEqual([]);
});
