import { type BlockForm, blockWgsl } from "./_block.ts";
import type { Factor, ProductVariant, Situation } from "./_product.ts";
import { type Readings, readingsId } from "./_product-wgsl.ts";
import type { Reading } from "./_reading.ts";

/** Rows and columns of the result that a workgroup calculates. */
export type BlockShape = "128x128" | "64x64" | "128x32" | "32x128";

/** How 256 threads share a tile of the result, each with so many fours of its rows and columns. */
interface Arrangement {
  readonly rows: 1 | 2;
  readonly cols: 1 | 2;
  readonly threads: readonly [along: number, down: number];
}

const ARRANGEMENTS: Readonly<Record<BlockShape, Arrangement>> = {
  "128x128": { rows: 2, cols: 2, threads: [16, 16] },
  "64x64": { rows: 1, cols: 1, threads: [16, 16] },
  "128x32": { rows: 1, cols: 1, threads: [8, 32] },
  "32x128": { rows: 1, cols: 1, threads: [32, 8] },
};

const HALVES: Reading = { by: "halves", packing: "f16" };

/** Tiles of the largest form that keep every part of a large device busy. */
const ENOUGH_TILES = 256;

function shapeFor({ m, n, batch }: Situation): BlockShape {
  if (n <= 32 && m > n) return "128x32";
  if (m <= 32 && n > m) return "32x128";
  return Math.ceil(m / 128) * Math.ceil(n / 128) * batch >= ENOUGH_TILES ? "128x128" : "64x64";
}

/** The form of a block kernel for a shape and a device; its tiles are of f16 only where both operands are. */
export function blockVariant(
  situation: Situation,
  { half: wanted }: { readonly half: boolean },
): ProductVariant {
  const { a, b, device } = situation;
  const half = wanted && [a, b].every(({ packing, inFours }) => packing === "f16" && inFours);
  const { rows, cols, threads } = ARRANGEMENTS[device.blocks ?? shapeFor(situation)];
  const [TX, TY] = threads;
  const readings: Readings = half ? { a: HALVES, b: HALVES } : { a: reading(a), b: reading(b) };
  const form: BlockForm = { rows, cols };
  const bytes = (depth: number): number => 16 * depth * (TX * cols + TY * rows + 2);
  return {
    shader: {
      id: `gemm-block ${rows}${cols} ${readingsId(readings)}`,
      wgsl: blockWgsl(form, readings),
      inputs: 2,
    },
    tile: [4 * rows * TY, 4 * cols * TX],
    constants: { TX, TY, DEPTH: bytes(16) <= device.workgroupBytes ? 16 : 8 },
  };
}

function reading({ packing, inFours }: Factor): Reading {
  return { by: inFours ? "fours" : "values", packing };
}
