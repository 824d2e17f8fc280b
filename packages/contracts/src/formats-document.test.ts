import { readFileSync } from "node:fs";
import path from "node:path";
import { architectures, dialects, kinds, layouts, writers } from "@lora/peft";
import { expect, test } from "vitest";

const PLACES = {
  tensor: "alpha tensors",
  config: "adapter_config.json",
  "one-alpha": "one alpha",
  "one-scale": "one scale",
  none: "folded",
};

const document = path.resolve(import.meta.dirname, "../../../docs/formats.md");

/** The rows of the table with this head, their cells parted by single spaces. */
function rowsUnder(head: string): string[] {
  const lines = readFileSync(document, "utf8")
    .split("\n")
    .map((line) => line.replace(/\s+/g, " ").trim());
  const first = lines.findIndex((line) => line.startsWith(head)) + 2;
  return lines.slice(
    first,
    lines.findIndex((line, at) => at >= first && !line.startsWith("|")),
  );
}

test("the table of dialects in docs/formats.md has every dialect, as the registries have it", () => {
  const rows = dialects.map(({ id }) => {
    const writer = writers.find((one) => one.id === id);
    return writer === undefined
      ? `| \`${id}\` | read only | | | |`
      : `| \`${id}\` | read, written | ${PLACES[writer.scales]} | ${writer.consumers} | ${writer.limits} |`;
  });
  expect(rowsUnder("| dialect |")).toEqual(rows);
});

test("its table of models has every architecture, and whether its layers are known by several names", () => {
  const named = new Set(layouts.flatMap((layout) => layout.architectures ?? []));
  const rows = architectures.map(
    ({ id, title }) => `| \`${id}\` | ${title} | ${named.has(id) ? "converted" : "kept"} |`,
  );
  expect(rowsUnder("| model |")).toEqual(rows);
});

test("its table of kinds has every kind, and how it becomes a plain LoRA", () => {
  const rows = kinds.map(({ id, title, needsBase, isWhole }) => {
    const how = isWhole?.([2, 2]) === true ? "nearest of `--rank` or `--error`" : "exact";
    return `| \`${id}\` | ${title} | read${id === "lora" ? ", written" : ""} | ${needsBase === true ? "with `--base`, " : ""}${how} |`;
  });
  expect(rowsUnder("| kind |")).toEqual(rows);
});

test("every writer writes a dialect that is read", () => {
  const known = dialects.map(({ id }) => id);
  expect(writers.filter(({ id }) => !known.includes(id))).toEqual([]);
});

test("layouts name architectures that there are", () => {
  const known = new Set(architectures.map(({ id }) => id));
  const named = layouts.flatMap((layout) => layout.architectures ?? []);
  expect(named.filter((id) => !known.has(id))).toEqual([]);
});
