import type { Product } from "../engine.ts";
import type { Matrix, MatrixLike } from "../matrix.ts";
import type { Strided } from "../ops/strided.ts";
import { block, strided, transposed, widened } from "../ops/strided.ts";
import type { HeldLines } from "./held-lines.ts";
import { holdLines, linesAt, multiplyLines } from "./held-lines.ts";
import { roundUp } from "./pack-panels.ts";
import type { Workplace } from "./workplace.ts";

/** Bytes of lines copied at once, which then are read from the cache. */
const CHUNK = 128 * 1024;

/** A product where b and c have one column: the lines of a, in whichever direction they lie, pass by once. */
export function multiplyVector(workplace: Workplace, { a, b, c, alpha = 1, add = false }: Product): void {
  const turned = a.colStep !== 1;
  const all = turned ? transposed(widened(a)) : widened(a);
  const { arena } = workplace;
  arena.scope(() => {
    const [x, y] = vectors(workplace, widened(b), a.rows);
    const perChunk = Math.max(1, Math.floor(CHUNK / (all.cols * all.data.BYTES_PER_ELEMENT)));
    const at = arena.allocate(linesAt(0, all).lineBytes * Math.min(perChunk, all.rows));
    for (let first = 0; first < all.rows; first += perChunk) {
      const lines = block(all, [first, Math.min(first + perChunk, all.rows)], [0, all.cols]);
      const held = linesAt(at, lines);
      holdLines(workplace, lines, held);
      const [ofX, ofY] = turned ? [8 * first, 0] : [0, 8 * first];
      multiplyLines(workplace, held, [x + ofX, y + ofY], turned);
    }
    for (let i = 0; i < c.rows; i++) {
      const value = alpha * arena.doubles[y / 8 + i];
      c.data[i * c.rowStep] = add ? c.data[i * c.rowStep] + value : value;
    }
  });
}

/** Where the column `b` lies as doubles, and where as many zeros as the product has rows. */
function vectors({ arena }: Workplace, b: Strided, rows: number): [x: number, y: number] {
  const x = arena.allocate(8 * roundUp(b.rows, 2));
  const y = arena.allocate(8 * roundUp(rows, 2));
  const { doubles } = arena;
  for (let i = 0; i < b.rows; i++) doubles[x / 8 + i] = b.data[i * b.rowStep];
  if (b.rows % 2 === 1) doubles[x / 8 + b.rows] = 0;
  doubles.fill(0, y / 8, y / 8 + roundUp(rows, 2));
  return [x, y];
}

/** Runs `work` with a matrix that stays in the engine's memory meanwhile; `map` multiplies with several columns. */
export function withMatrixInMemory<T>(
  workplace: Workplace,
  { a, map }: { readonly a: Matrix; readonly map: MatrixLike },
  work: (held: MatrixLike) => T,
): T {
  const { arena } = workplace;
  const all = strided(a);
  return arena.scope(() => {
    const held = linesAt(arena.allocate(linesAt(0, all).lineBytes * a.rows), all);
    holdLines(workplace, all, held);
    return work({
      rows: a.rows,
      cols: a.cols,
      multiply: (x) => (x.cols === 1 ? timesHeld(workplace, held, x, false) : map.multiply(x)),
      multiplyTransposed: (x) =>
        x.cols === 1 ? timesHeld(workplace, held, x, true) : map.multiplyTransposed(x),
    });
  });
}

function timesHeld(workplace: Workplace, held: HeldLines, column: Matrix, turned: boolean): Matrix {
  const { arena } = workplace;
  const rows = turned ? held.length : held.lines;
  return arena.scope(() => {
    const [x, y] = vectors(workplace, strided(column), rows);
    multiplyLines(workplace, held, [x, y], turned);
    return { rows, cols: 1, data: arena.doubles.slice(y / 8, y / 8 + rows) };
  });
}
