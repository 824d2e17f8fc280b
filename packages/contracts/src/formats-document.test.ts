import { readFileSync } from "node:fs";
import path from "node:path";
import { dialects, writers } from "@lora/peft";
import { expect, test } from "vitest";

const PLACES = {
  tensor: "alpha tensors",
  config: "adapter_config.json",
  "one-alpha": "one alpha",
  "one-scale": "one scale",
  none: "folded",
};

const document = path.resolve(import.meta.dirname, "../../../docs/formats.md");

test.each(dialects.map(({ id }) => id))("docs/formats.md says of %s what the registries say", (id) => {
  const writer = writers.find((one) => one.id === id);
  const row =
    writer === undefined
      ? `| \`${id}\` | read only |`
      : `| \`${id}\` | read, written | ${PLACES[writer.scales]} | ${writer.consumers} | ${writer.limits} |`;
  const rows = readFileSync(document, "utf8").split("\n");
  expect(rows.map((line) => line.replace(/\s+/g, " ")).filter((line) => line.startsWith(row))).toHaveLength(
    1,
  );
});

test("every writer writes a dialect that is read", () => {
  const known = dialects.map(({ id }) => id);
  expect(writers.filter(({ id }) => !known.includes(id))).toEqual([]);
});
