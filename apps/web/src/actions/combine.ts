import type { FactorDType } from "@lora/jobs";
import type { Action } from "./_action.ts";
import { storedTypes } from "./_stored-types.ts";

/** Methods that combine any adapters; each with what people call it. */
const METHODS = [
  ["linear", "the weighted sum, exact"],
  ["svd", "the weighted sum, at the largest rank of the inputs"],
  ["cat", "the weighted sum, factors stacked"],
  ["ties", "TIES"],
  ["dare_linear", "DARE"],
  ["dare_ties", "DARE with TIES"],
  ["magnitude_prune", "largest values only"],
  ["della", "DELLA"],
  ["breadcrumbs", "breadcrumbs"],
  ["slerp", "slerp, of two"],
  ["karcher", "Karcher mean"],
] as const;

/** Methods that leave values out. */
const SPARSE = /^(ties|dare|magnitude|della|breadcrumbs)/u;

/** Several adapters into one. */
export const combine: Action = {
  id: "combine",
  title: "Combine",
  summary: "Makes one adapter of several, each at its weight, whatever their ranks and names.",
  files: { least: 2, most: 16, weights: true },
  base: "none",
  writes: true,
  fields: [
    {
      kind: "choice",
      name: "method",
      label: "Method",
      initial: "linear",
      options: METHODS.map(([value, label]) => ({ value, label })),
    },
    {
      kind: "number",
      name: "rank",
      label: "Rank at most",
      initial: 0,
      min: 0,
      max: 4096,
      step: 1,
      hint: "0 leaves it to the method.",
      when: (values) => values["method"] !== "cat",
    },
    {
      kind: "number",
      name: "density",
      label: "Density",
      initial: 0.5,
      min: 0.01,
      max: 1,
      step: 0.01,
      hint: "Share of values that are kept.",
      when: ({ method }) => SPARSE.test(String(method)),
    },
    storedTypes,
  ],
  async run(jobs, { files, values, context }) {
    const method = String(values["method"]);
    const rank = method === "cat" || values["rank"] === 0 ? undefined : Number(values["rank"]);
    const density = SPARSE.test(method) ? Number(values["density"]) : undefined;
    const dtype = values["dtype"] === "" ? undefined : (values["dtype"] as FactorDType);
    const output = await jobs.combine(files, { method, rank, density, dtype }, context);
    const report = ({ path, bytes }: { path: string; bytes: number }): object =>
      output.report({ path, bytes });
    return { outputs: [{ ...output, suffix: "-combined", report }] };
  },
};
