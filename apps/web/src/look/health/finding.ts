import type { Values } from "../../actions/_action.ts";

/** One thing that was looked at, and what came of it. */
export interface Finding {
  readonly level: "good" | "note" | "bad";
  readonly title: string;
  readonly text: string;
  /** The first modules that it is about. */
  readonly modules: readonly string[];
  /** What helps. */
  readonly remedy?: { readonly label: string; readonly action: string; readonly values: Values } | undefined;
}
