import { cored, entrywise, grid, half, kronecker, product, sum, tucker } from "./dense-forms.test-helper.ts";
import type { KindSample } from "./kind.ts";

/** A sample, and the id of its kind. */
export type KindCase = readonly [id: string, sample: KindSample];

const HADA_SIDES = [
  ["hada_w1_a", "hada_w1_b"],
  ["hada_w2_a", "hada_w2_b"],
] as const;
const HADA_CORED = [
  ["hada_w1_a", "hada_t1", "hada_w1_b"],
  ["hada_w2_a", "hada_t2", "hada_w2_b"],
] as const;

/** Modules of the kinds whose update is made of their own parts. */
export const kindSamples: readonly KindCase[] = [
  [
    "lora",
    {
      title: "linear",
      shapes: { down: [3, 7], up: [5, 3] },
      shape: [5, 7],
      rank: 3,
      dense: (parts) => product(parts, [5, 3, 7]),
    },
  ],
  [
    "lora",
    {
      title: "rank above both sizes",
      shapes: { down: [6, 2], up: [3, 6] },
      shape: [3, 2],
      rank: 6,
      dense: (parts) => product(parts, [3, 6, 2]),
    },
  ],
  [
    "lora",
    {
      title: "3 × 3 convolution",
      shapes: { down: [2, 4, 3, 3], up: [5, 2, 1, 1] },
      shape: [5, 4, 3, 3],
      rank: 2,
      dense: (parts) => product(parts, [5, 2, 36]),
    },
  ],
  [
    "lora",
    {
      title: "1 × 1 convolution with a plain up",
      shapes: { down: [2, 4, 1, 1], up: [5, 2] },
      shape: [5, 4, 1, 1],
      rank: 2,
      dense: (parts) => product(parts, [5, 2, 4]),
    },
  ],
  [
    "lora",
    {
      title: "one-dimensional convolution",
      shapes: { down: [2, 4, 3], up: [5, 2, 1] },
      shape: [5, 4, 3],
      rank: 2,
      dense: (parts) => product(parts, [5, 2, 12]),
    },
  ],
  [
    "locon-tucker",
    {
      title: "3 × 2 convolution",
      shapes: { down: [3, 4, 1, 1], mid: [3, 3, 3, 2], up: [5, 3, 1, 1] },
      shape: [5, 4, 3, 2],
      rank: 3,
      dense: (parts) => tucker(parts, [5, 3, 4, 6]),
    },
  ],
  [
    "full",
    {
      title: "linear",
      shapes: { diff: [3, 4] },
      shape: [3, 4],
      rank: 3,
      dense: (parts) => grid(3, 4, (o, i) => parts.get("diff")![o * 4 + i]),
    },
  ],
  [
    "full",
    {
      title: "3 × 3 convolution, more outputs than inputs",
      shapes: { diff: [20, 2, 3, 3] },
      shape: [20, 2, 3, 3],
      rank: 18,
      dense: (parts) => grid(20, 18, (o, i) => parts.get("diff")![o * 18 + i]),
    },
  ],
  ...(
    [
      ["of rank r²", 2, 4],
      ["formed whole where r² is above its sizes", 3, 5],
    ] as const
  ).map(([title, rank, inner]): KindCase => [
    "loha",
    {
      title,
      shapes: { hada_w1_a: [5, rank], hada_w1_b: [rank, 7], hada_w2_a: [5, rank], hada_w2_b: [rank, 7] },
      shape: [5, 7],
      rank: inner,
      dense: (parts) =>
        entrywise(half(parts, HADA_SIDES[0], [5, rank, 7]), half(parts, HADA_SIDES[1], [5, rank, 7])),
    },
  ]),
  [
    "loha",
    {
      title: "3 × 2 convolution with Tucker cores",
      shapes: {
        hada_t1: [2, 2, 3, 2],
        hada_w1_a: [2, 5],
        hada_w1_b: [2, 4],
        hada_t2: [2, 2, 3, 2],
        hada_w2_a: [2, 5],
        hada_w2_b: [2, 4],
      },
      shape: [5, 4, 3, 2],
      rank: 4,
      dense: (parts) =>
        entrywise(cored(parts, HADA_CORED[0], [5, 2, 4, 6]), cored(parts, HADA_CORED[1], [5, 2, 4, 6])),
    },
  ],
  [
    "lokr",
    {
      title: "both factors as products",
      shapes: { lokr_w1_a: [3, 2], lokr_w1_b: [2, 4], lokr_w2_a: [5, 2], lokr_w2_b: [2, 3] },
      needs: ["lokr_w1_a", "lokr_w1_b", "lokr_w2_a", "lokr_w2_b"],
      shape: [15, 12],
      rank: 4,
      dense: (parts) =>
        kronecker(
          half(parts, ["lokr_w1_a", "lokr_w1_b"], [3, 2, 4]),
          half(parts, ["lokr_w2_a", "lokr_w2_b"], [5, 2, 3]),
        ),
    },
  ],
  [
    "lokr",
    {
      title: "both factors whole, one wide and one tall",
      shapes: { lokr_w1: [2, 3], lokr_w2: [5, 4] },
      needs: ["lokr_w1", "lokr_w2"],
      shape: [10, 12],
      rank: 8,
      dense: (parts) =>
        kronecker(
          grid(2, 3, (i, j) => parts.get("lokr_w1")![i * 3 + j]),
          grid(5, 4, (i, j) => parts.get("lokr_w2")![i * 4 + j]),
        ),
    },
  ],
  [
    "lokr",
    {
      title: "a whole factor and a convolution with a Tucker core, its rank above its sizes",
      shapes: { lokr_w1: [2, 2], lokr_t2: [4, 4, 2, 1], lokr_w2_a: [4, 3], lokr_w2_b: [4, 3] },
      needs: ["lokr_w1", "lokr_w2_a", "lokr_w2_b"],
      shape: [6, 6, 2, 1],
      rank: 6,
      dense: (parts) =>
        kronecker(
          grid(2, 2, (i, j) => parts.get("lokr_w1")![i * 2 + j]),
          cored(parts, ["lokr_w2_a", "lokr_t2", "lokr_w2_b"], [3, 4, 3, 2]),
        ),
    },
  ],
  [
    "lora-transposed",
    {
      title: "of MLX LM",
      shapes: { "down-transposed": [7, 3], "up-transposed": [3, 5] },
      shape: [5, 7],
      rank: 3,
      dense: (parts) => {
        const [a, b] = [parts.get("down-transposed")!, parts.get("up-transposed")!];
        return grid(5, 7, (o, i) => sum(3, (r) => a[i * 3 + r] * b[r * 5 + o]));
      },
    },
  ],
  [
    "adalora",
    {
      title: "singular values between the factors",
      shapes: { down: [3, 7], singular: [3, 1], up: [5, 3] },
      shape: [5, 7],
      rank: 3,
      dense: (parts) => {
        const [up, middle, down] = [parts.get("up")!, parts.get("singular")!, parts.get("down")!];
        return grid(5, 7, (o, i) => sum(3, (r) => up[o * 3 + r] * middle[r] * down[r * 7 + i]));
      },
    },
  ],
  [
    "merged-linear",
    {
      title: "the first and the third of three parts",
      shapes: { down: [4, 7], up: [6, 2, 1] },
      shape: [9, 7],
      rank: 4,
      enabled: [true, false, true],
      dense: (parts) => {
        const [up, down] = [parts.get("up")!, parts.get("down")!];
        return grid(9, 7, (o, i) => {
          const [part, row] = [Math.floor(o / 3), o % 3];
          if (part === 1) return 0;
          const group = part / 2;
          return sum(2, (r) => up[(group * 3 + row) * 2 + r] * down[(group * 2 + r) * 7 + i]);
        });
      },
    },
  ],
];
