import { kindById, kinds, type Part } from "@lora/peft";
import { expect, test } from "vitest";
import { testKind } from "./kind.ts";

type Values = ReadonlyMap<Part, Float64Array>;

/** Σᵣ up[o, r] · down[r, i], with `inner` entries a row of down. */
function product(parts: Values, [out, rank, inner]: readonly [number, number, number]): number[][] {
  const [up, down] = [parts.get("up")!, parts.get("down")!];
  return grid(out, inner, (o, i) => sum(rank, (r) => up[o * rank + r] * down[r * inner + i]));
}

/** Σ_mn up[o, m] · mid[m, n, k] · down[n, i], rows o, columns (i, k). */
function tucker(
  parts: Values,
  [out, rank, width, kernel]: readonly [number, number, number, number],
): number[][] {
  const [up, mid, down] = [parts.get("up")!, parts.get("mid")!, parts.get("down")!];
  return grid(out, width * kernel, (o, column) => {
    const [i, k] = [Math.floor(column / kernel), column % kernel];
    return sum(rank, (m) =>
      sum(rank, (n) => up[o * rank + m] * mid[(m * rank + n) * kernel + k] * down[n * width + i]),
    );
  });
}

function grid(rows: number, cols: number, value: (row: number, col: number) => number): number[][] {
  return Array.from({ length: rows }, (_, row) => Array.from({ length: cols }, (__, col) => value(row, col)));
}

function sum(count: number, value: (index: number) => number): number {
  let total = 0;
  for (let index = 0; index < count; index++) total += value(index);
  return total;
}

testKind(kindById("lora"), {
  title: "linear",
  shapes: { down: [3, 7], up: [5, 3] },
  shape: [5, 7],
  rank: 3,
  dense: (parts) => product(parts, [5, 3, 7]),
});
testKind(kindById("lora"), {
  title: "rank above both sizes",
  shapes: { down: [6, 2], up: [3, 6] },
  shape: [3, 2],
  rank: 6,
  dense: (parts) => product(parts, [3, 6, 2]),
});
testKind(kindById("lora"), {
  title: "3 × 3 convolution",
  shapes: { down: [2, 4, 3, 3], up: [5, 2, 1, 1] },
  shape: [5, 4, 3, 3],
  rank: 2,
  dense: (parts) => product(parts, [5, 2, 36]),
});
testKind(kindById("lora"), {
  title: "1 × 1 convolution with a plain up",
  shapes: { down: [2, 4, 1, 1], up: [5, 2] },
  shape: [5, 4, 1, 1],
  rank: 2,
  dense: (parts) => product(parts, [5, 2, 4]),
});
testKind(kindById("lora"), {
  title: "one-dimensional convolution",
  shapes: { down: [2, 4, 3], up: [5, 2, 1] },
  shape: [5, 4, 3],
  rank: 2,
  dense: (parts) => product(parts, [5, 2, 12]),
});
testKind(kindById("locon-tucker"), {
  title: "3 × 2 convolution",
  shapes: { down: [3, 4, 1, 1], mid: [3, 3, 3, 2], up: [5, 3, 1, 1] },
  shape: [5, 4, 3, 2],
  rank: 3,
  dense: (parts) => tucker(parts, [5, 3, 4, 6]),
});

test("every kind has been through the suite", () => {
  expect(kinds.map(({ id }) => id)).toEqual(["locon-tucker", "lora"]);
});
