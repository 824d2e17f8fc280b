import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Which package may import which. A package that is not a key here does not exist for the check. */
export interface Arrows {
  /** Lowest package first. */
  readonly imports: Readonly<Record<string, readonly string[]>>;
  /** Packages that only tests may import. */
  readonly onlyInTests: readonly string[];
}

/** The table of this repository: `arrows.json`. */
export function readArrows(): Arrows {
  return JSON.parse(readFileSync(join(import.meta.dirname, "arrows.json"), "utf8")) as Arrows;
}
