import type { AnalyseReport, ModuleAnalysis } from "@lora/jobs";
import { countText, percentText } from "../../format/number-text.ts";
import type { Finding } from "./finding.ts";

/** Everything that is looked at in a measured adapter. */
export function findings(analysis: AnalyseReport): Finding[] {
  const { modules } = analysis;
  return [
    finite(analysis),
    zeroUpdates(modules),
    halfRange(modules),
    deadPairs(modules),
    wastedRank(modules),
    ...unpaired(analysis),
  ];
}

/** What is not finite is in no other finding, and in no sum. */
function finite({ summary: { unmeasured = [] } }: AnalyseReport): Finding {
  const [first] = unmeasured;
  if (first === undefined)
    return { level: "good", title: "Finite", text: "No value is NaN or infinite.", modules: [] };
  const text = `${countText(unmeasured.length, "module")} cannot be measured, and every program that loads them breaks: ${first.reason} (${first.tensor ?? first.module}). All numbers here are of the others.`;
  return {
    level: "bad",
    title: "Not finite",
    text,
    modules: unmeasured.slice(0, 8).map(({ module }) => module),
  };
}

function zeroUpdates(modules: readonly ModuleAnalysis[]): Finding {
  const zero = modules.filter((module) => module.zero);
  if (zero.length === 0)
    return { level: "good", title: "All at work", text: "No update is zero.", modules: [] };
  const text = `${countText(zero.length, "update")} of ${modules.length} ${zero.length === 1 ? "is" : "are"} zero: they take room and change nothing.`;
  return { level: "note", title: "Zero updates", text, modules: names(zero) };
}

function halfRange(modules: readonly ModuleAnalysis[]): Finding {
  const over = modules.filter(({ halfOverflow }) => halfOverflow > 0);
  if (over.length > 0) {
    const text = `${countText(over.length, "module")} hold values above 65504, which f16 stores as infinite.`;
    return { level: "bad", title: "Range of f16", text, modules: names(over) };
  }
  const under = total(modules, ({ halfUnderflow }) => halfUnderflow);
  const text =
    under === 0
      ? "Every value fits f16."
      : `No value overflows f16; ${countText(under, "value")} lose precision as subnormals.`;
  return { level: "good", title: "Range of f16", text, modules: [] };
}

function deadPairs(modules: readonly ModuleAnalysis[]): Finding {
  const dead = modules.filter(({ zero, numericalRank, rank }) => !zero && numericalRank < rank);
  if (dead.length === 0)
    return { level: "good", title: "Dimensions", text: "No direction is dead.", modules: [] };
  const lost = total(dead, ({ rank, numericalRank }) => rank - numericalRank);
  const text = `${countText(lost, "direction")} in ${countText(dead.length, "module")} are zero to rounding: they can go without any error.`;
  const remedy = { label: "Remove them", action: "resize", values: { rule: "error", error: 0.0001 } };
  return { level: "note", title: "Dead dimensions", text, modules: names(dead), remedy };
}

function wastedRank(modules: readonly ModuleAnalysis[]): Finding {
  const stored = total(modules, ({ rank }) => rank);
  const needed = total(modules, ({ rank99, rank }) => Math.min(rank99, rank));
  const share = stored === 0 ? 0 : 1 - needed / stored;
  const text = `${percentText(1 - share)} of the stored rank holds 99% of the energy (${needed.toLocaleString("en")} of ${countText(stored, "direction")}).`;
  if (share < 0.1) return { level: "good", title: "Use of rank", text, modules: [] };
  const remedy = { label: "Keep 99%", action: "resize", values: { rule: "energy", energy: 0.99 } };
  const most = [...modules].sort((a, b) => a.rank99 / a.rank - b.rank99 / b.rank);
  return { level: "note", title: "Use of rank", text, modules: names(most), remedy };
}

function unpaired({ summary, base }: AnalyseReport): Finding[] {
  const [first] = summary.unpaired;
  if (base === null) return [];
  if (first === undefined)
    return [{ level: "good", title: "Base", text: `Every module is in ${base.name}.`, modules: [] }];
  const text = `${countText(summary.unpaired.length, "module")} have no weight in ${base.name}: ${first.reason}.`;
  return [
    { level: "note", title: "Base", text, modules: summary.unpaired.slice(0, 3).map(({ module }) => module) },
  ];
}

function names(modules: readonly ModuleAnalysis[]): string[] {
  return modules.slice(0, 3).map(({ name }) => name);
}

function total(modules: readonly ModuleAnalysis[], of: (module: ModuleAnalysis) => number): number {
  return modules.reduce((all, module) => all + of(module), 0);
}
