import type { Arena } from "./arena.ts";
import type { Kernels } from "./kernels/instantiate.ts";

/** Where an engine calculates, and with which functions. */
export interface Workplace {
  readonly arena: Arena;
  readonly kernels: Kernels;
}
