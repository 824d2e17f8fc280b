import type { Matrix } from "@lora/linalg";

/** Cells of one colour. */
export interface CellPath {
  /** From −1 to 1, of the strongest colour. */
  readonly level: number;
  /** `d` of a path over all of them. */
  readonly path: string;
}

/** Steps from nothing to the strongest colour; more cannot be told apart. */
const LEVELS = 24;

/** A matrix as few paths, one for each colour, where one element a cell would be thousands. */
export function cellPaths({ cols, data }: Matrix, most: number, cell: number): CellPath[] {
  const paths = new Map<number, string>();
  data.forEach((value, index) => {
    const level = Math.round(Math.min(1, Math.max(-1, value / most)) * LEVELS) / LEVELS;
    const place = `M${(index % cols) * cell} ${Math.floor(index / cols) * cell}`;
    paths.set(level, `${paths.get(level) ?? ""}${place}h${cell}v${cell}h-${cell}z`);
  });
  return Array.from(paths, ([level, path]) => ({ level, path }));
}
