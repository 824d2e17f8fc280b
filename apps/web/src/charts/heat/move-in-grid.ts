/** A place in a grid. */
export interface GridPlace {
  readonly row: number;
  readonly column: number;
}

const STEPS: Readonly<Record<string, readonly [rows: number, columns: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  PageUp: [-8, 0],
  PageDown: [8, 0],
  Home: [0, -Infinity],
  End: [0, Infinity],
};

/**
 * Where a key leads in a grid with gaps: to the next cell in its direction that is there, for Home and End the farthest.
 *
 * @returns undefined where the key does not move, or there is nothing
 */
export function moveInGrid(
  key: string,
  from: GridPlace,
  cells: readonly (readonly unknown[])[],
): GridPlace | undefined {
  const step = STEPS[key];
  if (step === undefined) return undefined;
  const [rows, columns] = step.map((count) => Math.sign(count)) as [number, number];
  const most = Math.abs(step[0] + step[1]);
  let found: GridPlace | undefined;
  for (let moved = 1; ; moved++) {
    const place = { row: from.row + moved * rows, column: from.column + moved * columns };
    const inside = place.row in cells && place.column >= 0 && place.column < cells[place.row]!.length;
    if (!inside) return found;
    if (cells[place.row]![place.column] !== undefined) found = place;
    if (found !== undefined && moved >= most) return found;
  }
}
