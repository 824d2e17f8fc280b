import { expect, test } from "vitest";
import { type Column, table } from "./table.ts";
import { withoutCommonStart } from "./without-common-start.ts";
import { truncateMiddle } from "./truncate-middle.ts";

interface Row {
  readonly name: string;
  readonly rank: number;
}

const columns: Column<Row>[] = [
  { title: "module", align: "left", shrinks: true, cell: (row) => row.name },
  { title: "rank", cell: (row) => String(row.rank) },
  { title: "spare", optional: true, cell: () => "1234567890" },
];
const rows = [
  { name: "layers.0.q", rank: 8 },
  { name: "layers.10.self_attn.v", rank: 128 },
];
const plain = { columns: 80, unicode: true, style: (_: string, text: string): string => text };

test("columns are aligned, numbers to the right", () => {
  expect(table(columns, rows, plain)).toEqual([
    "  module                 rank       spare",
    "  layers.0.q                8  1234567890",
    "  layers.10.self_attn.v   128  1234567890",
  ]);
});

test("where the line is short, optional columns go and then names lose start and middle", () => {
  expect(table(columns, rows, { ...plain, columns: 30 })).toEqual([
    "  module                 rank",
    "  layers.0.q                8",
    "  layers.10.self_attn.v   128",
  ]);
  expect(table(columns, rows, { ...plain, columns: 22 })).toEqual([
    "  module          rank",
    "  …0.q               8",
    "  …10.sel…attn.v   128",
  ]);
});

test("colours and wide characters do not shift columns", () => {
  const coloured: Column<string>[] = [
    { title: "a", align: "left", cell: (text) => text },
    { title: "b", cell: () => "x" },
  ];
  expect(table(coloured, ["\u001b[31mred\u001b[39m", "日本"], plain)).toEqual([
    "  a     b",
    "  \u001b[31mred\u001b[39m   x",
    "  日本  x",
  ]);
});

test("no rows make no table", () => {
  expect(table(columns, [], plain)).toEqual([]);
});

test.each([
  ["short", 10, "short"],
  ["down_blocks_1_attn1_to_q", 12, "down_b…_to_q"],
  ["abcdef", 3, "a…f"],
  ["abcdef", 1, "…"],
  ["日本語のモデル名", 9, "日本…ル名"],
])("both ends of %s survive in %i columns", (text, width, cut) => {
  expect(truncateMiddle(text, width, true)).toBe(cut);
});

test("in ASCII two dots stand for what was taken out", () => {
  expect(truncateMiddle("down_blocks_1_attn1_to_q", 12, false)).toBe("down_.._to_q");
});

test.each([
  [
    ["model.layers.0.q", "model.layers.10.v"],
    ["…0.q", "…10.v"],
  ],
  [
    ["down_blocks_1_to_q", "down_blocks_12_to_q"],
    ["…1_to_q", "…12_to_q"],
  ],
  [
    ["a.q", "a.v"],
    ["…q", "…v"],
  ],
  [
    ["q", "v"],
    ["q", "v"],
  ],
  [["model.layers.0.q"], ["model.layers.0.q"]],
])("names of %j keep what tells them apart", (names, short) => {
  expect(withoutCommonStart(names, true)).toEqual(short);
});
