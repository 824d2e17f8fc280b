import { type BlockForm, blockWgsl } from "./_block.ts";
import type { Factor, ProductVariant, Situation } from "./_product.ts";
import type { Readings } from "./_product-wgsl.ts";
import type { Reading } from "./_quads.ts";

/** How 256 threads share a tile of the result, each with so many fours of its rows and columns. */
interface Arrangement {
  readonly rows: 1 | 2;
  readonly cols: 1 | 2;
  readonly threads: readonly [along: number, down: number];
}

const LARGE: Arrangement = { rows: 2, cols: 2, threads: [16, 16] };
const USUAL: Arrangement = { rows: 1, cols: 1, threads: [16, 16] };
const TALL: Arrangement = { rows: 1, cols: 1, threads: [8, 32] };
const WIDE: Arrangement = { rows: 1, cols: 1, threads: [32, 8] };

/** Tiles of the largest form that keep every part of a large device busy. */
const ENOUGH_TILES = 256;

function arrangementFor({ m, n }: Situation): Arrangement {
  if (n <= 32 && m > n) return TALL;
  if (m <= 32 && n > m) return WIDE;
  return Math.ceil(m / 128) * Math.ceil(n / 128) >= ENOUGH_TILES ? LARGE : USUAL;
}

/** The form of a block kernel for a shape and a device; its tiles are of f16 only where both operands are. */
export function blockVariant(
  situation: Situation,
  { half: wanted }: { readonly half: boolean },
): ProductVariant {
  const { a, b, device } = situation;
  const half = wanted && [a, b].every(({ packing, inFours }) => packing === "f16" && inFours);
  const { rows, cols, threads } = arrangementFor(situation);
  const [TX, TY] = threads;
  const readings: Readings = half ? { a: "half", b: "half" } : { a: reading(a), b: reading(b) };
  const form: BlockForm = { rows, cols };
  const bytes = (depth: number): number => 16 * depth * (TX * cols + TY * rows + 2);
  return {
    shader: {
      id: `gemm-block ${rows}${cols} ${readings.a} ${readings.b}`,
      wgsl: blockWgsl(form, readings),
      inputs: 2,
    },
    readings,
    tile: [4 * rows * TY, 4 * cols * TX],
    constants: { TX, TY, DEPTH: bytes(16) <= device.workgroupBytes ? 16 : 8 },
  };
}

function reading({ packing, inFours }: Factor): Reading {
  return inFours ? packing : "values";
}
