import { grid, sum, turnedInputs, turnedOutputs } from "./dense-forms.test-helper.ts";
import type { KindCase } from "./kind-samples.test-helper.ts";

/** Modules of the kinds that multiply the weight. */
export const multiplyingKindSamples: readonly KindCase[] = [
  ...(
    [
      ["oft", [1, 2, 2], true],
      ["boft", [1, 1, 2, 2], false],
    ] as const
  ).map(([id, blocks, transposed]): KindCase => [
    id,
    {
      title: "one pair of outputs",
      shapes: { oft_blocks: blocks },
      shape: [2, 0],
      rank: 2,
      base: [2, 3],
      unscaled: true,
      dense: (parts, w) => {
        const [, b, c] = parts.get("oft_blocks")!;
        return turnedOutputs(2, 3, w, { q: b - c, transposed });
      },
    },
  ]),
  [
    "peft-oft",
    {
      title: "one pair of inputs",
      shapes: { oft_R: [1, 1] },
      shape: [0, 0],
      rank: 2,
      base: [3, 2],
      unscaled: true,
      dense: (parts, w) => turnedInputs(3, 2, w, { q: parts.get("oft_R")![0], transposed: true }),
    },
  ],
  [
    "peft-boft",
    {
      title: "one pair of inputs, outputs scaled",
      shapes: { boft_R: [1, 1, 2, 2], boft_s: [3, 1] },
      shape: [3, 2],
      rank: 2,
      base: [3, 2],
      unscaled: true,
      dense: (parts, w) => {
        const [, b, c] = parts.get("boft_R")!;
        const turned = turnedInputs(3, 2, w, { q: (b - c) / 2, transposed: true });
        return grid(3, 2, (o, i) => parts.get("boft_s")![o] * (turned[o][i] + w[o * 2 + i]) - w[o * 2 + i]);
      },
    },
  ],
  [
    "ia3",
    {
      title: "of inputs",
      shapes: { ia3_l: [1, 4] },
      shape: [0, 4],
      rank: 4,
      base: [3, 4],
      unscaled: true,
      dense: (parts, w) => grid(3, 4, (o, i) => (parts.get("ia3_l")![i] - 1) * w[o * 4 + i]),
    },
  ],
  [
    "ia3-difference",
    {
      title: "of outputs",
      shapes: { ia3_weight: [3], on_input: [1] },
      shape: [0, 0],
      rank: 3,
      base: [3, 4],
      values: { on_input: [0] },
      dense: (parts, w) => grid(3, 4, (o, i) => parts.get("ia3_weight")![o] * w[o * 4 + i]),
    },
  ],
  [
    "glora",
    {
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
            (r) =>
              sum(4, (j) => w[o * 4 + j] * a1[j * 2 + r]) * a2[r * 4 + i] + b1[o * 2 + r] * b2[r * 4 + i],
          ),
        );
      },
    },
  ],
];
