import { multiply, type Matrix, randomMatrix } from "@lora/linalg";
import { type DType, type LazyTensor, tensorFile, type TensorFile, tensorOfValues } from "@lora/tensor";

/** One module of a made-up kohya file. */
export interface MadeModule {
  readonly out: number;
  readonly in: number;
  readonly rank: number;
  readonly kernel?: number;
  readonly alpha?: number;
  readonly dtype?: DType;
}

/** A kohya file with seeded values: `up`, `down` and `alpha` tensors for each module, by name. */
export function kohyaFile(
  modules: Readonly<Record<string, MadeModule>>,
  metadata: Readonly<Record<string, string>> = {},
): TensorFile {
  const tensors = Object.entries(modules).flatMap(([name, made], index) =>
    moduleTensors(name, made, index + 1),
  );
  return tensorFile({ name: "made.safetensors", tensors, metadata: Object.entries(metadata) });
}

function moduleTensors(name: string, made: MadeModule, seed: number): [string, LazyTensor][] {
  const { out, rank, kernel, alpha, dtype = "f32" } = made;
  const { up, down } = madeFactors(made, seed);
  const [upShape, downShape] = kernel
    ? [
        [out, rank, 1, 1],
        [rank, made.in, kernel, kernel],
      ]
    : [
        [out, rank],
        [rank, made.in],
      ];
  return [
    ...(alpha === undefined
      ? []
      : [[`${name}.alpha`, tensorOfValues([alpha], "f32", [])] as [string, LazyTensor]]),
    [`${name}.lora_down.weight`, tensorOfValues(down.data, dtype, downShape)],
    [`${name}.lora_up.weight`, tensorOfValues(up.data, dtype, upShape)],
  ];
}

/** The factors of the module made with this seed: columns of up fall off, so that there is something to drop. */
function madeFactors(
  { out, rank, kernel = 1, in: inner }: MadeModule,
  seed: number,
): { up: Matrix; down: Matrix } {
  const up = randomMatrix(out, rank, 2 * seed);
  up.data.forEach((value, index) => (up.data[index] = Math.fround(value * 0.6 ** (index % rank))));
  const down = randomMatrix(rank, inner * kernel * kernel, 2 * seed + 1);
  down.data.forEach((value, index) => (down.data[index] = Math.fround(value)));
  return { up, down };
}

/** scale · up · down, as a dense matrix. */
export function denseUpdate(made: MadeModule, seed: number): Matrix {
  const { up, down } = madeFactors(made, seed);
  return multiply(up, down, { alpha: (made.alpha ?? made.rank) / made.rank });
}
