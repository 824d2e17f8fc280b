/** An input and what its updates are multiplied with. */
export interface WeightedPath {
  readonly path: string;
  readonly weight: number;
}

/** `path:0.7`, or a path alone for a weight of 1. What follows the last colon is a weight only where it is a number. */
export function weightedPath(text: string): WeightedPath {
  const found = /^(.+):([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)$/i.exec(text);
  return found === null ? { path: text, weight: 1 } : { path: found[1]!, weight: Number(found[2]) };
}
