import { expect, test } from "vitest";
import { bar, bars } from "./bars.ts";

const plain = { columns: 80, unicode: true, style: (_: string, text: string): string => text };

test.each([
  [0, ""],
  [0.001, "▏"],
  [1 / 8, "█"],
  [0.14, "█▏"],
  [0.5, "████"],
  [1, "████████"],
  [1.7, "████████"],
  [-1, ""],
])("a bar of share %s of 8 columns is %s", (share, drawn) => {
  expect(bar(share, 8, true)).toBe(drawn);
});

test("in ASCII what is not 0 is at least one sign", () => {
  expect([0, 0.001, 0.5, 1].map((share) => bar(share, 8, false))).toEqual(["", "#", "####", "########"]);
});

test("bars stand below each other, the largest value full", () => {
  const rows = [
    { label: "rank 4", value: 1, text: "12" },
    { label: "rank 16", value: 4, text: "7" },
    { label: "rank 8", value: 0, text: "0" },
  ];
  expect(bars(rows, { ...plain, columns: 30 })).toEqual([
    "   rank 4  12  ███▊",
    "  rank 16   7  ███████████████",
    "   rank 8   0",
  ]);
});

test("a given maximum is what a full bar stands for", () => {
  expect(bars([{ label: "a", value: 0.5, text: "x" }], { ...plain, columns: 16 }, 1)).toEqual([
    "  a  x  ████",
  ]);
});

test("no rows make no lines", () => {
  expect(bars([], plain)).toEqual([]);
});
