import type { Style } from "./style.ts";

/** What the views may know of the place where their text appears. */
export interface Terminal {
  /** Characters a line holds; Infinity where nothing limits it, as in a pipe. */
  readonly columns: number;
  /** Whether more than ASCII can be shown. */
  readonly unicode: boolean;
  readonly style: Style;
}
