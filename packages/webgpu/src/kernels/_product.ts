import type { Constants } from "../programs.ts";
import type { Packing, WebGpuStorage } from "../webgpu-storage.ts";
import {
  type Block,
  blocksOf,
  matrixShape,
  type ProductArgs,
  productSizes,
  rowProblem,
  sliceTerms,
} from "./_blocks.ts";
import { type DeviceFacts, floatWord, type KernelOf, type Launcher, type Shader } from "./_kernel.ts";
import type { Readings } from "./_product-wgsl.ts";
import { reduceLines } from "./_reduction.ts";
import { elements } from "./_region.ts";

/** An operand of one dispatch as it lies in its buffer. */
export interface Factor {
  readonly packing: Packing;
  /** Whether terms are stored rows of op(a), or stored columns of op(b). */
  readonly turned: boolean;
  /** Whether four neighbours of a stored row can be read at once, everywhere. */
  readonly inFours: boolean;
}

/** What a kernel chooses its shader by. */
export interface Situation {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** Products that are calculated together. */
  readonly batch: number;
  readonly a: Factor;
  readonly b: Factor;
  readonly device: DeviceFacts;
}

/** A shader for a situation. */
export interface ProductVariant {
  readonly shader: Shader;
  /** Rows and columns of the result that a workgroup calculates. */
  readonly tile: readonly [rows: number, cols: number];
  readonly constants?: Constants;
}

/** What a gemm kernel says of itself. */
export interface ProductKernelParts {
  readonly id: string;
  readonly forSoftware: boolean;
  /** Products of so many rows or less are calculated as the transposed product, of so few columns. */
  readonly fewColumns?: number;
  readonly variant: (situation: Situation) => ProductVariant;
}

/** A kernel of `gemm`: by blocks that fit bindings, long sums by slices that are added afterwards. */
export function productKernel(kernel: ProductKernelParts): KernelOf<"gemm"> {
  return {
    op: "gemm",
    id: kernel.id,
    forSoftware: kernel.forSoftware,
    problem: rowProblem,
    run(args, out, launcher) {
      const blocks = blocksOf(args, launcher.mostBinding);
      const { m, n } = productSizes(args);
      const slices = blocks[0]?.slices ?? 1;
      if (slices === 1) {
        for (const block of blocks) launchBlock(kernel, { args, block, out }, launcher);
        return;
      }
      launcher.scratch(slices * m * n, (slabs) => {
        launchBlock(kernel, { args, block: blocks[0]!, out: slabs }, launcher);
        reduceLines({ kind: "sum", x: slabs, rows: slices, cols: m * n, along: "columns" }, out, launcher);
      });
    },
  };
}

interface Part {
  readonly args: ProductArgs;
  readonly block: Block;
  readonly out: WebGpuStorage;
}

/** An operand that is bound. */
interface Bound extends Factor {
  readonly bound: ReturnType<typeof elements>;
  readonly step: number;
  readonly batch: number;
}

function launchBlock(kernel: ProductKernelParts, { args, block, out }: Part, launcher: Launcher): void {
  const { rows, cols, terms, slices, matrices } = block;
  const { a, b, transA = false, transB = false, alpha = 1 } = args;
  const { m: allRows, n: allCols } = productSizes(args);
  const [m, n, k] = [rows, cols, terms].map(([from, to]) => to - from) as [number, number, number];
  const left = bind(a, transA ? [terms, rows] : [rows, terms], { matrices, turned: transA });
  const right = bind(b, transB ? [cols, terms] : [terms, cols], { matrices, turned: transB });
  const slab = allRows * allCols;
  const target =
    slices === 1
      ? part(out, [rows, cols], { step: allCols, matrices, batch: slab })
      : elements(out, 0, slices * slab);
  const turned = { steps: [1, allCols], m: n, n: m, left: mirrored(right), right: mirrored(left) } as const;
  const straight = { steps: [allCols, 1], m, n, left, right } as const;
  const product = m <= (kernel.fewColumns ?? 0) && n > m ? turned : straight;
  const batch = matrices[1] - matrices[0];
  const situation = { ...product, k, batch, a: product.left, b: product.right, device: launcher.device };
  const { shader, tile, constants } = kernel.variant(situation);
  launcher.launch({
    shader,
    constants: {
      TRANS_A: Number(situation.a.turned),
      TRANS_B: Number(situation.b.turned),
      ADD: Number(terms[0] > 0),
      ...constants,
    },
    parameters: [product.m, product.n, k, sliceTerms(k, slices), slices, slab].concat(
      [product.left.step, product.right.step, ...product.steps],
      [product.left.bound.shift, product.right.bound.shift, target.shift],
      [product.left.batch, product.right.batch, floatWord(alpha)],
    ),
    inputs: [product.left.bound.region, product.right.bound.region],
    output: target.region,
    grid: [Math.ceil(product.n / tile[1]), Math.ceil(product.m / tile[0]), slices * batch],
  });
}

/** The same operand on the other side of the transposed product. */
function mirrored(operand: Bound): Bound {
  return { ...operand, turned: !operand.turned };
}

/** Readings of both operands value by value. */
export function byValues({ a, b }: Pick<Situation, "a" | "b">): Readings {
  return { a: { by: "values", packing: a.packing }, b: { by: "values", packing: b.packing } };
}

interface Placement {
  readonly matrices: Block["matrices"];
  readonly turned: boolean;
}

function bind(
  { shape, storage }: ProductArgs["a"],
  lines: readonly [rows: Block["rows"], cols: Block["cols"]],
  { matrices, turned }: Placement,
): Bound {
  const [rows, step] = matrixShape(shape);
  const batch = rows * step;
  const bound = part(storage, lines, { step, matrices, batch });
  const across = lines[1][1] - lines[1][0];
  const empty = lines.some(([from, to]) => from === to);
  const inFours = !empty && [step, bound.shift, batch, across].every((size) => size % 4 === 0);
  return { bound, step, batch, turned, inFours, packing: storage.packing };
}

interface Layout {
  readonly step: number;
  readonly matrices: Block["matrices"];
  readonly batch: number;
}

/** Stored rows and columns of some matrices, bound from the first of their values to the last. */
function part(
  storage: WebGpuStorage,
  [rows, cols]: readonly [Block["rows"], Block["cols"]],
  { step, matrices, batch }: Layout,
): ReturnType<typeof elements> {
  if (rows[0] === rows[1] || cols[0] === cols[1]) return elements(storage, 0, 0);
  const [first, last] = [matrices[0] * batch, (matrices[1] - 1) * batch];
  return elements(storage, first + rows[0] * step + cols[0], last + (rows[1] - 1) * step + cols[1]);
}
