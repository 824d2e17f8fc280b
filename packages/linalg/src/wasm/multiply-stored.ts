import { zeros } from "../create.ts";
import type { Matrix } from "../matrix.ts";
import { block, strided, transposed } from "../ops/strided.ts";
import type { Strided } from "../ops/strided.ts";
import { multiplyColumns } from "./multiply-columns.ts";
import { multiplyRows } from "./multiply-rows.ts";
import { multiplyPacked } from "./multiply-packed.ts";
import { roundUp } from "./pack-panels.ts";
import { eachWide } from "./stored-rows.ts";
import type { StoredRows, WideRows } from "./stored-rows.ts";
import type { Workplace } from "./workplace.ts";

/** a·x, or aᵀ·x: one column with f64 sums, several as a product of f32 with the type of x. */
export function multiplyStored(workplace: Workplace, held: StoredRows, x: Matrix, turned: boolean): Matrix {
  if (x.cols === 1) return timesVector(workplace, held, x.data, turned);
  if (x.data instanceof Float32Array) return (turned ? multiplyColumns : multiplyRows)(workplace, held, x);
  const [rows, cols] = [turned ? held.cols : held.rows, x.cols];
  const product = zeros(rows, cols);
  const [b, c] = [strided(x), strided(product)];
  eachWide(workplace, held, (lines) => {
    const a = wideBlock(workplace, held, lines);
    const span = [lines.first, lines.first + lines.count] as const;
    if (turned) {
      multiplyPacked(workplace, { a: transposed(a), b: block(b, span, [0, cols]), c, add: true });
    } else {
      multiplyPacked(workplace, { a, b, c: block(c, span, [0, cols]) });
    }
  });
  return product;
}

/** Widened lines as a matrix outside the engine's memory, which may grow under a view of it. */
function wideBlock({ arena }: Workplace, { cols }: StoredRows, { at, count, lineBytes }: WideRows): Strided {
  const data = arena.singles.slice(at / 4, (at + count * lineBytes) / 4);
  return { rows: count, cols, data, rowStep: lineBytes / 4, colStep: 1 };
}

function timesVector(
  workplace: Workplace,
  held: StoredRows,
  values: Matrix["data"],
  turned: boolean,
): Matrix {
  const { arena, kernels } = workplace;
  const product = kernels.functions[turned ? "add_rows_f32" : "dot_rows_f32"];
  const [taken, given] = turned ? [held.rows, held.width] : [held.width, held.rows];
  return arena.scope(() => {
    const [x, y] = [arena.allocate(8 * taken), arena.allocate(8 * roundUp(given, 2))];
    arena.doubles.fill(0, x / 8, x / 8 + taken);
    arena.doubles.set(values, x / 8);
    arena.doubles.fill(0, y / 8, y / 8 + roundUp(given, 2));
    eachWide(workplace, held, ({ first, count, at, lineBytes }) => {
      const [ofX, ofY] = turned ? [8 * first, 0] : [0, 8 * first];
      product(at, at + count * lineBytes, lineBytes, x + ofX, y + ofY);
    });
    const rows = turned ? held.cols : held.rows;
    return { rows, cols: 1, data: arena.doubles.slice(y / 8, y / 8 + rows) };
  });
}
