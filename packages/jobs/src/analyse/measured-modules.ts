import { LoraError } from "@lora/tensor";
import type { ModuleAnalysis, UnmeasuredModule } from "../reports.ts";

/** What came of measuring a module. */
export type Attempt = ModuleAnalysis | { readonly unmeasured: UnmeasuredModule; readonly error: LoraError };

/**
 * Measures a module whose values may be such that nothing can be said of it.
 *
 * @throws what `work` throws, but for NUMERIC
 */
export async function attempt(module: string, work: () => Promise<ModuleAnalysis>): Promise<Attempt> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof LoraError) || error.code !== "NUMERIC") throw error;
    const { tensor } = error.facts;
    const place = typeof tensor === "string" ? tensor : null;
    return { unmeasured: { module, tensor: place, reason: error.message }, error };
  }
}

/**
 * Parts what was measured from what could not be.
 *
 * @throws LoraError NUMERIC of the first module, where none could be measured
 */
export function sortAttempts(attempts: readonly Attempt[]): {
  readonly modules: readonly ModuleAnalysis[];
  readonly unmeasured: readonly UnmeasuredModule[];
} {
  const modules = attempts.flatMap((one) => ("unmeasured" in one ? [] : [one]));
  const failed = attempts.flatMap((one) => ("unmeasured" in one ? [one] : []));
  if (modules.length === 0 && failed[0] !== undefined) throw failed[0].error;
  return { modules, unmeasured: failed.map(({ unmeasured }) => unmeasured) };
}
