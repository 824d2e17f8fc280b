import type { Engine } from "./engine.ts";
import type { JacobiStart } from "./jacobi-start.ts";
import { orthogonalise, toleranceOf } from "./orthogonalise.ts";
import { rotateOnce } from "./rotate-once.ts";
import { rowsOf } from "./rows-of.ts";

/** Orthogonal vectors in no order, and where they come from. */
export interface Orthogonal {
  readonly vectors: readonly Float64Array[];
  /** Orthonormal: vector i is `turns[i]` times the columns, or the triangle, that the start has turned. */
  readonly turns: readonly Float64Array[];
}

/** The rows of a start made orthogonal, in place where its turn left little to do. */
export function orthogonalRows(engine: Engine, start: JacobiStart): Orthogonal {
  const { rows, head } = start;
  const tolerance = toleranceOf(rows.cols);
  if (head !== undefined && rotateOnce(engine, [rows, head.turn], { size: head.size, tolerance }))
    return { vectors: rowsOf(rows), turns: rowsOf(head.turn) };
  const joined = withTurn(start);
  orthogonalise(engine, joined, rows.cols);
  return {
    vectors: joined.map((vector) => vector.subarray(0, rows.cols)),
    turns: joined.map((vector) => vector.subarray(rows.cols)),
  };
}

/** The same without telling where they come from. */
export function orthogonalRowsAlone(engine: Engine, { rows, head }: JacobiStart): readonly Float64Array[] {
  const [vectors, tolerance] = [rowsOf(rows), toleranceOf(rows.cols)];
  const done = head !== undefined && rotateOnce(engine, [rows], { size: head.size, tolerance });
  if (!done) orthogonalise(engine, vectors, rows.cols);
  return vectors;
}

/** Each row followed by that of the turn, which collects what Jacobi does. */
function withTurn({ rows, head }: JacobiStart): Float64Array[] {
  const { rows: count, cols: length } = rows;
  return rowsOf(rows).map((row, i) => {
    const vector = new Float64Array(length + count);
    vector.set(row);
    if (head === undefined) vector[length + i] = 1;
    else vector.set(head.turn.data.subarray(i * count, (i + 1) * count), length);
    return vector;
  });
}
