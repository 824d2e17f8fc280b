import type { Engine } from "./engine.ts";
import type { JacobiStart } from "./jacobi-start.ts";
import { strided, transposed } from "./ops/strided.ts";
import { orthogonalise, toleranceOf } from "./orthogonalise.ts";
import { rotateFew } from "./rotate-few.ts";
import { rowsOf } from "./rows-of.ts";

/** Orthogonal vectors in no order, and where they come from. */
export interface Orthogonal {
  readonly vectors: readonly Float64Array[];
  /** Orthonormal: vector i is `turns[i]` times the columns, or the triangle, that the start has turned. */
  readonly turns: readonly Float64Array[];
}

/** The rows of a start made orthogonal, in place where its turn left little to do. */
export function orthogonalRows(engine: Engine, start: JacobiStart): Orthogonal {
  const { rows, turn } = start;
  if (turn !== undefined) {
    const [vectors, turns] = [rowsOf(rows), rowsOf(turn)];
    if (rotatedFew(engine, start, [vectors, turns])) return { vectors, turns };
  }
  const joined = withTurn(start);
  orthogonalise(engine, joined, rows.cols);
  return {
    vectors: joined.map((vector) => vector.subarray(0, rows.cols)),
    turns: joined.map((vector) => vector.subarray(rows.cols)),
  };
}

/** The same without telling where they come from. */
export function orthogonalRowsAlone(engine: Engine, start: JacobiStart): readonly Float64Array[] {
  const vectors = rowsOf(start.rows);
  if (start.turn === undefined || !rotatedFew(engine, start, [vectors]))
    orthogonalise(engine, vectors, start.rows.cols);
  return vectors;
}

function rotatedFew(
  engine: Engine,
  { rows }: JacobiStart,
  lists: readonly (readonly Float64Array[])[],
): boolean {
  const products = engine.gram(transposed(strided(rows)));
  return rotateFew(engine, lists, products, toleranceOf(rows.cols));
}

/** Each row followed by that of the turn, which collects what Jacobi does. */
function withTurn({ rows, turn }: JacobiStart): Float64Array[] {
  const { rows: count, cols: length } = rows;
  return rowsOf(rows).map((row, i) => {
    const vector = new Float64Array(length + count);
    vector.set(row);
    if (turn === undefined) vector[length + i] = 1;
    else vector.set(turn.data.subarray(i * count, (i + 1) * count), length);
    return vector;
  });
}
