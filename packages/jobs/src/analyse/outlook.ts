import { safetensorsFileBytes } from "@lora/io";
import { type Adapter, rewrittenSpecs } from "@lora/peft";
import { norm } from "../arithmetic.ts";
import type { ModuleAnalysis, RankOutlook } from "../reports.ts";

/**
 * What keeping at most rank 1, 2, 4, … of every module would give: the size of the file in its own stored type
 * and the error of the whole update. From the spectra alone.
 */
export function outlook(adapter: Adapter, modules: readonly ModuleAnalysis[]): RankOutlook[] {
  const highest = adapter.modules.reduce((most, module) => Math.max(most, module.rank), 0);
  const whole = norm(modules.map((module) => module.frobenius));
  const rows: RankOutlook[] = [];
  for (let rank = 1; rank < highest * 2; rank *= 2) {
    const capped = Math.min(rank, highest);
    const dropped = norm(modules.map((module) => norm(module.singularValues.slice(capped))));
    rows.push({
      rank: capped,
      bytes: bytesAt(adapter, capped),
      relativeErrorFrobenius: whole === 0 ? 0 : dropped / whole,
    });
  }
  return rows;
}

function bytesAt(adapter: Adapter, rank: number): number {
  const ranks = new Map(adapter.modules.map((module) => [module.name, Math.min(rank, module.rank)]));
  const planned = rewrittenSpecs(adapter, ranks, { dtype: (module) => module.dtype, metadata: new Map() });
  return safetensorsFileBytes(planned.specs, planned.metadata);
}
