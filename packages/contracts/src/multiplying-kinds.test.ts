import { kindById } from "@lora/peft";
import { testKind } from "./kind.ts";

function grid(rows: number, cols: number, value: (row: number, col: number) => number): number[][] {
  return Array.from({ length: rows }, (_, row) => Array.from({ length: cols }, (__, col) => value(row, col)));
}

function sum(count: number, value: (index: number) => number): number {
  let total = 0;
  for (let index = 0; index < count; index++) total += value(index);
  return total;
}

/** Two inputs or outputs, turned by (1 − q², ±2q)/(1 + q²) for the q of the block. */
function turned(rows: number, cols: number, w: Float64Array, { q, transposed }: Turn): number[][] {
  const [same, other] = [(1 - q * q) / (1 + q * q), ((transposed ? -1 : 1) * 2 * q) / (1 + q * q)];
  return grid(rows, cols, (o, i) => {
    const at = (row: number): number => w[row * cols + i];
    const first = o % 2 === 0;
    return same * at(o) + (first ? other * at(o + 1) : -other * at(o - 1)) - at(o);
  });
}

interface Turn {
  readonly q: number;
  readonly transposed: boolean;
}

testKind(kindById("oft"), {
  title: "one pair of outputs",
  shapes: { oft_blocks: [1, 2, 2] },
  shape: [2, 0],
  rank: 2,
  base: [2, 3],
  unscaled: true,
  dense: (parts, w) => {
    const [, b, c] = parts.get("oft_blocks")!;
    return turned(2, 3, w, { q: b - c, transposed: true });
  },
});
testKind(kindById("boft"), {
  title: "one pair of outputs, one factor",
  shapes: { oft_blocks: [1, 1, 2, 2] },
  shape: [2, 0],
  rank: 2,
  base: [2, 3],
  unscaled: true,
  dense: (parts, w) => {
    const [, b, c] = parts.get("oft_blocks")!;
    return turned(2, 3, w, { q: b - c, transposed: false });
  },
});
testKind(kindById("peft-oft"), {
  title: "one pair of inputs",
  shapes: { oft_R: [1, 1] },
  shape: [0, 0],
  rank: 2,
  base: [3, 2],
  unscaled: true,
  dense: (parts, w) => {
    const flipped = Float64Array.from({ length: 6 }, (_, at) => w[(at % 3) * 2 + Math.floor(at / 3)]);
    const columns = turned(2, 3, flipped, { q: parts.get("oft_R")![0], transposed: true });
    return grid(3, 2, (o, i) => columns[i][o]);
  },
});
testKind(kindById("peft-boft"), {
  title: "one pair of inputs, outputs scaled",
  shapes: { boft_R: [1, 1, 2, 2], boft_s: [3, 1] },
  shape: [3, 2],
  rank: 2,
  base: [3, 2],
  unscaled: true,
  dense: (parts, w) => {
    const [, b, c] = parts.get("boft_R")!;
    const flipped = Float64Array.from({ length: 6 }, (_, at) => w[(at % 3) * 2 + Math.floor(at / 3)]);
    const columns = turned(2, 3, flipped, { q: (b - c) / 2, transposed: true });
    return grid(3, 2, (o, i) => parts.get("boft_s")![o] * (columns[i][o] + w[o * 2 + i]) - w[o * 2 + i]);
  },
});
testKind(kindById("ia3"), {
  title: "of inputs",
  shapes: { ia3_l: [1, 4] },
  shape: [0, 4],
  rank: 4,
  base: [3, 4],
  unscaled: true,
  dense: (parts, w) => grid(3, 4, (o, i) => (parts.get("ia3_l")![i] - 1) * w[o * 4 + i]),
});
testKind(kindById("ia3-difference"), {
  title: "of outputs",
  shapes: { ia3_weight: [3], on_input: [1] },
  shape: [0, 0],
  rank: 3,
  base: [3, 4],
  values: { on_input: [0] },
  dense: (parts, w) => grid(3, 4, (o, i) => parts.get("ia3_weight")![o] * w[o * 4 + i]),
});
testKind(kindById("glora"), {
  title: "linear",
  shapes: { glora_a1: [4, 2], glora_a2: [2, 4], glora_b1: [3, 2], glora_b2: [2, 4] },
  shape: [3, 4],
  rank: 4,
  base: [3, 4],
  dense: (parts, w) => {
    const [a1, a2] = [parts.get("glora_a1")!, parts.get("glora_a2")!];
    const [b1, b2] = [parts.get("glora_b1")!, parts.get("glora_b2")!];
    return grid(3, 4, (o, i) =>
      sum(
        2,
        (r) => sum(4, (j) => w[o * 4 + j] * a1[j * 2 + r]) * a2[r * 4 + i] + b1[o * 2 + r] * b2[r * 4 + i],
      ),
    );
  },
});
testKind(kindById("peft-oft-outputs"), {
  title: "one pair of outputs",
  shapes: { oft_r: [1, 2, 2] },
  shape: [0, 0],
  rank: 2,
  base: [2, 3],
  unscaled: true,
  dense: (parts, w) => {
    const [, b, c] = parts.get("oft_r")!;
    return turned(2, 3, w, { q: (b - c) / 2, transposed: false });
  },
});
testKind(kindById("peft-oft-scaled"), {
  title: "one pair of inputs, outputs scaled",
  shapes: { oft_r: [1, 2, 2], oft_s: [3, 1] },
  shape: [3, 0],
  rank: 2,
  base: [3, 2],
  unscaled: true,
  dense: (parts, w) => {
    const [, b, c] = parts.get("oft_r")!;
    const flipped = Float64Array.from({ length: 6 }, (_, at) => w[(at % 3) * 2 + Math.floor(at / 3)]);
    const columns = turned(2, 3, flipped, { q: (b - c) / 2, transposed: true });
    return grid(3, 2, (o, i) => parts.get("oft_s")![o] * (columns[i][o] + w[o * 2 + i]) - w[o * 2 + i]);
  },
});
testKind(kindById("peft-glora"), {
  title: "by products",
  shapes: { glora_A_Xd: [3, 2], glora_A_Xu: [2, 4], glora_B_Xd: [3, 2], glora_B_Xu: [2, 4] },
  needs: ["glora_A_Xd", "glora_A_Xu", "glora_B_Xd", "glora_B_Xu"],
  shape: [3, 4],
  rank: 4,
  base: [3, 4],
  unscaled: true,
  dense: (parts, w) => {
    const [ad, au] = [parts.get("glora_A_Xd")!, parts.get("glora_A_Xu")!];
    const [bd, bu] = [parts.get("glora_B_Xd")!, parts.get("glora_B_Xu")!];
    return grid(3, 4, (o, i) =>
      sum(2, (r) => w[o * 4 + i] * ad[o * 2 + r] * au[r * 4 + i] + bd[o * 2 + r] * bu[r * 4 + i]),
    );
  },
});
testKind(kindById("peft-glora"), {
  title: "by a value for each output, and by one",
  shapes: { glora_A_X: [3, 1], glora_B_X: [1] },
  shape: [3, 0],
  rank: 2,
  base: [3, 4],
  unscaled: true,
  dense: (parts, w) =>
    grid(3, 4, (o, i) => w[o * 4 + i] * parts.get("glora_A_X")![o] + parts.get("glora_B_X")![0]),
});
