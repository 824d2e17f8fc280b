import type { CombineJobOptions, FactorDType } from "@lora/jobs";
import type { Action, Values } from "./_action.ts";
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
  ["della_linear", "DELLA without signs"],
  ["breadcrumbs", "breadcrumbs"],
  ["breadcrumbs_ties", "breadcrumbs with TIES"],
  ["slerp", "slerp, of two"],
  ["karcher", "Karcher mean"],
] as const;

/** Methods that leave values out, those that do it by chance, and those that let signs decide. */
const SPARSE = /^(ties|dare|magnitude|della|breadcrumbs)/u;
const RANDOM = /^(dare|della)/u;
const SIGNED = /ties$|^della$/u;

const by =
  (methods: RegExp) =>
  ({ method }: Values): boolean =>
    methods.test(String(method));

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
      name: "error",
      label: "Error at most",
      initial: 0,
      min: 0,
      max: 0.99,
      step: 0.01,
      hint: "The smallest ranks within this relative error; 0 sets no limit.",
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
      when: by(SPARSE),
    },
    {
      kind: "number",
      name: "epsilon",
      label: "Spread",
      initial: 0,
      min: 0,
      max: 1,
      step: 0.01,
      hint: "Chances of values go from density − spread to density + spread, by their size; 0 leaves it to the method.",
      when: by(/^della/u),
    },
    {
      kind: "number",
      name: "outliers",
      label: "Outliers",
      initial: 0.01,
      min: 0,
      max: 1,
      step: 0.01,
      hint: "Share of the largest values that goes.",
      when: by(/^breadcrumbs/u),
    },
    {
      kind: "choice",
      name: "sign",
      label: "Sign",
      initial: "total",
      options: [
        { value: "total", label: "of the sum" },
        { value: "frequency", label: "of most" },
      ],
      when: by(SIGNED),
    },
    {
      kind: "number",
      name: "seed",
      label: "Seed",
      initial: 0,
      min: 0,
      max: 2 ** 31,
      step: 1,
      hint: "The same seed leaves out the same values.",
      when: by(RANDOM),
    },
    storedTypes,
  ],
  async run(jobs, { files, values, context }) {
    const output = await jobs.combine(files, optionsOf(values), context);
    const report = ({ path, bytes }: { path: string; bytes: number }): object =>
      output.report({ path, bytes });
    return { outputs: [{ ...output, suffix: "-combined", report }] };
  },
};

/** What the method takes, and no more: it refuses what has no meaning for it. */
function optionsOf(values: Values): CombineJobOptions {
  const method = String(values["method"]);
  const limit = (name: string): number | undefined =>
    method === "cat" ? undefined : Number(values[name]) || undefined;
  const number = (name: string, methods: RegExp): number | undefined =>
    methods.test(method) ? Number(values[name]) : undefined;
  return {
    method,
    rank: limit("rank"),
    error: limit("error"),
    density: number("density", SPARSE),
    epsilon: number("epsilon", /^della/u) || undefined,
    outliers: number("outliers", /^breadcrumbs/u),
    sign: SIGNED.test(method) ? (values["sign"] as CombineJobOptions["sign"]) : undefined,
    seed: number("seed", RANDOM),
    dtype: values["dtype"] === "" ? undefined : (values["dtype"] as FactorDType),
  };
}
