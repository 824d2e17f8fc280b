/** A place in a drawing. */
export type Point = readonly [x: number, y: number];

/** The `d` of a line through these points, to a tenth of a pixel. */
export function linePath(points: readonly Point[]): string {
  return points.map(([x, y], index) => `${index === 0 ? "M" : "L"}${tenths(x)} ${tenths(y)}`).join("");
}

/** The `d` of the area between a line and the height `floor`. */
export function areaPath(points: readonly Point[], floor: number): string {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return "";
  return `${linePath(points)}L${tenths(last[0])} ${tenths(floor)}L${tenths(first[0])} ${tenths(floor)}Z`;
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
