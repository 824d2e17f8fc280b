import type { Adapter } from "./adapter.ts";
import type { Dialect } from "./dialects/_dialect.ts";
import { dialectById } from "./reading/detect-dialect.ts";

/** The dialect that an adapter's file is written in. */
export function dialectOf(adapter: Adapter): Dialect {
  return dialectById(adapter.detection.dialect);
}
