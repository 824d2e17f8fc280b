import type { AnalyseReport } from "../reports.ts";
import type { SpectrumFinding } from "../resize/spectra.ts";
import { Findings } from "../shard/findings.ts";

/**
 * The spectra that `analyse` found, as findings: with them in its context `adapterSpectra` decomposes nothing again.
 *
 * @returns none of a report beside a base, where the update of some kinds is another one
 */
export function knownSpectra({ base, modules }: AnalyseReport): Findings {
  const findings = new Findings();
  if (base !== null) return findings;
  const found = findings.of<SpectrumFinding>("spectrum");
  for (const { name, singularValues } of modules) {
    found.set(name, { s: Float64Array.from(singularValues), base: undefined });
  }
  return findings;
}
