import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What must run as users run it. */
export interface SmokeList {
  /** Arguments to `node`, from the repository root, after the build. */
  readonly commands: readonly (readonly string[])[];
  /** Packages whose first README example runs on its own. */
  readonly examples: readonly string[];
}

/** The list of this repository: `smoke.json`. */
export function readSmokeList(): SmokeList {
  return JSON.parse(readFileSync(join(import.meta.dirname, "smoke.json"), "utf8")) as SmokeList;
}
