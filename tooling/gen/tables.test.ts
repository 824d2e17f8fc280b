import { expect, test } from "vitest";

import { packageTable } from "./package-table.ts";
import { fillTables } from "./tables.ts";

const tables = { one: () => "| new |", where: (document: string) => document };

test("what stands between the markers is replaced, and nothing else", () => {
  const markdown = "a\n<!-- generated:one -->\nold\n<!-- /generated -->\nb\n";
  const filled = "a\n<!-- generated:one -->\n\n| new |\n\n<!-- /generated -->\nb\n";
  expect(fillTables("README.md", markdown, tables)).toBe(filled);
  expect(fillTables("README.md", filled, tables)).toBe(filled);
});

test("each block of a document gets its own table", () => {
  const block = (name: string): string => `<!-- generated:${name} -->\n<!-- /generated -->`;
  const filled = fillTables("docs/a.md", `${block("one")}\n${block("where")}`, tables);
  expect(filled.match(/^\| new \||^docs\/a\.md$/gmu)).toEqual(["| new |", "docs/a.md"]);
});

test("a table that does not exist is an error with the names of those that do", () => {
  const markdown = "<!-- generated:two -->\n<!-- /generated -->";
  expect(() => fillTables("README.md", markdown, tables)).toThrow(
    'README.md: no table is called "two"; there are: one, where.',
  );
});

test("packages stand lowest first, linked from the document, with those they may import", () => {
  const packages = [
    { folder: "packages/io", manifest: { name: "@lora/io", description: "Files" } },
    { folder: "packages/tensor", manifest: { name: "@lora/tensor", description: "Tensors" } },
  ];
  const imports = { "@lora/tensor": [], "@lora/io": ["@lora/tensor", "@lora/later"], "@lora/later": [] };
  expect(packageTable(packages, { imports, onlyInTests: [] }, "docs/a.md")).toBe(`\
| package | what it is | may import |
| --- | --- | --- |
| [\`@lora/tensor\`](../packages/tensor) | Tensors | – |
| [\`@lora/io\`](../packages/io) | Files | tensor |`);
});
