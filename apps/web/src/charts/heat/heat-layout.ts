/** Sizes of a heat map, in pixels. */
export interface HeatLayout {
  readonly left: number;
  readonly top: number;
  readonly cell: readonly [width: number, height: number];
  /** Of the whole drawing. */
  readonly frame: { readonly width: number; readonly height: number; readonly viewBox: string };
}

/** The last column head leans out to the right by `OVERHANG`. */
const [LEFT, TOP, ROW, OVERHANG, MOST_WIDTH, LEAST_WIDTH] = [104, 84, 18, 64, 72, 22];

/** Cells as wide as there is room, within limits: what is wider then scrolls. */
export function heatLayout(rows: number, columns: number, room: number): HeatLayout {
  const share = (room - LEFT - OVERHANG) / Math.max(1, columns);
  const width = Math.max(LEAST_WIDTH, Math.min(MOST_WIDTH, share));
  const size = [LEFT + width * columns + OVERHANG, TOP + ROW * rows + 2] as const;
  return {
    left: LEFT,
    top: TOP,
    cell: [width, ROW],
    frame: { width: size[0], height: size[1], viewBox: `0 0 ${size.join(" ")}` },
  };
}
