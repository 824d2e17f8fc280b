import type { WasmFunction } from "../assembler/define-function.ts";
import { STORED_TYPES } from "../../stored-matrix.ts";
import { addTiles } from "./add-tiles.ts";
import { axpy } from "./axpy.ts";
import { cholesky } from "./cholesky.ts";
import { dot } from "./dot.ts";
import { gemmPanels } from "./gemm-panels.ts";
import { gemmTile } from "./gemm-tile.ts";
import type { TileShape } from "./gemm-tile.ts";
import { gramOfColumns, gramOfRows } from "./gram-block.ts";
import { gramRunsOfColumns, gramRunsOfRows } from "./gram-runs.ts";
import { addRows, dotRows } from "./gemv-rows.ts";
import { hasSpecial } from "./has-special.ts";
import type { PackShape } from "./pack.ts";
import { f32Lanes, f64Lanes } from "./lanes.ts";
import { normalRows } from "./normal-rows.ts";
import { normalRoundedRows } from "./normal-rounded-rows.ts";
import { pack, packName } from "./pack.ts";
import { reflect } from "./reflect.ts";
import { reflectSymmetric } from "./reflect-symmetric.ts";
import { rowsTile } from "./rows-tile.ts";
import { rotate } from "./rotate.ts";
import { roundRows } from "./round-rows.ts";
import { slicePanels } from "./slice-panels.ts";
import { solvePanel } from "./solve-panel.ts";
import { stackEight } from "./stack-eight.ts";
import { sumOfSquares } from "./sum-of-squares.ts";
import { turnEight } from "./turn-eight.ts";
import { widenBf16, widenF16 } from "./widen.ts";

/**
 * The kernels, by the tile of f32 that they keep in registers, and whether they use relaxed SIMD. Sixteen columns are too
 * many for registers of 128 bits, unless an engine makes one of 256 out of two.
 */
export const KERNELS = {
  "simd-4x8": { rows: 4, cols: 8, fused: false },
  "relaxed-4x8": { rows: 4, cols: 8, fused: true },
  "relaxed-6x8": { rows: 6, cols: 8, fused: true },
  "relaxed-4x16": { rows: 4, cols: 16, fused: true },
} as const;

/** The name of a kernel: what it needs of the engine, and the size of its f32 tile; that of f64 is half as wide. */
export type KernelName = keyof typeof KERNELS;

/** The tiles of a kernel: of products of either type, and of what is added to stored values. */
export interface TileShapes {
  readonly f32: TileShape;
  readonly f64: TileShape;
  /** The order in which its squares are summed follows from its size, so that all kernels that fuse have the same. */
  readonly stored: TileShape;
}

export function tileShapes(name: KernelName): TileShapes {
  const { cols, ...kernel } = KERNELS[name];
  const { fused } = kernel;
  return {
    f32: { ...kernel, lanes: f32Lanes, cols },
    f64: { ...kernel, lanes: f64Lanes, cols: cols / 2 },
    stored: { fused, lanes: f32Lanes, rows: fused ? 6 : 4, cols: 8 },
  };
}

/** All functions of the module of a kernel. */
export function kernelFunctions(name: KernelName): WasmFunction[] {
  const { f32, f64, stored } = tileShapes(name);
  const packs: PackShape[] = [
    ...[f32.rows, f32.cols, stored.rows, stored.cols].map((width) => ({
      from: f32Lanes,
      to: f32Lanes,
      width,
    })),
    { from: f32Lanes, to: f32Lanes, width: stored.cols, evenFirst: true },
    ...[f64.rows, f64.cols].flatMap((width) => [
      { from: f64Lanes, to: f64Lanes, width },
      { from: f32Lanes, to: f64Lanes, width },
    ]),
  ];
  const distinct = new Map(packs.map((shape) => [packName(shape), pack(shape)]));
  const { fused } = f32;
  // Those that others call come first, so that their indices are known.
  const called = [dot(fused), axpy(fused), gemmTile(f32), gemmTile(f64)];
  return [
    ...called,
    reflect({ dot: 0, axpy: 1 }),
    reflectSymmetric({ dot: 0, axpy: 1 }, fused),
    cholesky(0),
    gemmPanels(f32, 2),
    gemmPanels(f64, 3),
    rowsTile(f32),
    slicePanels(f32),
    ...distinct.values(),
    ...[f32Lanes, f64Lanes].flatMap((from) =>
      [dotRows, addRows, gramOfColumns, gramOfRows].map((kernel) => kernel({ from, fused })),
    ),
    gramRunsOfColumns(fused),
    gramRunsOfRows(fused),
    rotate(fused),
    widenBf16(),
    widenF16(),
    ...STORED_TYPES.map((from) => normalRows(from, fused)),
    normalRoundedRows(fused),
    ...STORED_TYPES.map(roundRows),
    ...STORED_TYPES.flatMap((type) =>
      [false, true].map((roundProduct) => addTiles({ type, roundProduct, tile: stored })),
    ),
    ...(["f16", "bf16"] as const).map(stackEight),
    turnEight(),
    ...([16, 32] as const).map(hasSpecial),
    sumOfSquares(fused),
    solvePanel(fused),
  ];
}
