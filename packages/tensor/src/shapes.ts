/** Sizes of the axes, outermost first; `[]` is a scalar. */
export type Shape = readonly number[];

/** How many elements a tensor of this shape has; 1 for a scalar. */
export function elementCount(shape: Shape): number {
  let count = 1;
  for (const size of shape) count *= size;
  return count;
}

/** Whether two shapes are the same, axis by axis. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/** `[320, 4, 3, 3]` as `320 × 4 × 3 × 3`; a scalar as `scalar`. */
export function shapeText(shape: Shape): string {
  return shape.length === 0 ? "scalar" : shape.join(" × ");
}
