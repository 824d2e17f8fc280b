import { expect, test } from "vitest";
import { heatStrip, shade } from "./heat-strip.ts";

const plain = { columns: 80, unicode: true, style: (_: string, text: string): string => text };

test.each([
  [0, "·"],
  [0.1, "░"],
  [1, "░"],
  [1.5, "▒"],
  [3, "▓"],
  [4, "█"],
  [Number.NaN, "·"],
])("%s of 4 is shaded %s", (value, drawn) => {
  expect(shade(value, 4, true)).toBe(drawn);
});

test("rows share one scale and line up", () => {
  const rows = [
    { label: "attn.q", values: [0, 1, 2, 4] },
    { label: "mlp", values: [4, 2] },
  ];
  expect(heatStrip(rows, plain)).toEqual(["  attn.q  ·░▒█", "  mlp     █▒"]);
  expect(heatStrip(rows, { ...plain, unicode: false })).toEqual(["  attn.q  .:+@", "  mlp     @+"]);
});

test("long labels and long rows give way to the width of the terminal", () => {
  const rows = [{ label: "a_very_long_name_of_a_layer", values: new Array<number>(60).fill(1) }];
  expect(heatStrip(rows, { ...plain, columns: 30 })).toEqual(["  a_very_…a_layer  ███████████"]);
});
