import type { FactorDType, ResizeFlags } from "@lora/jobs";
import type { Action, Values } from "./_action.ts";
import { storedTypes } from "./_stored-types.ts";

const is =
  (...rules: readonly string[]) =>
  (values: Values): boolean =>
    rules.includes(String(values["rule"]));

/** The same updates at lower ranks. */
export const resize: Action = {
  id: "resize",
  title: "Resize",
  summary: "Writes the same updates at lower ranks, with the least error those ranks allow.",
  files: { least: 1, most: 1, weights: false },
  base: "optional",
  writes: true,
  fields: [
    {
      kind: "choice",
      name: "rule",
      label: "Choose ranks by",
      initial: "energy",
      options: [
        { value: "energy", label: "energy to keep" },
        { value: "error", label: "error to allow" },
        { value: "rank", label: "the same rank everywhere" },
        { value: "knee", label: "the knee of each spectrum" },
        { value: "kneeLog", label: "the knee of each spectrum, in logarithms" },
        { value: "svRatio", label: "kohya: σ beside the largest" },
        { value: "svFro", label: "kohya: share of the norm" },
        { value: "svCumulative", label: "kohya: share of the sum of σ" },
        { value: "recipe", label: "a recipe of resize_lora" },
      ],
    },
    share("energy", "Energy", 0.95, "Share of Σσ² that each module keeps."),
    share("error", "Error", 0.1, "Largest relative error of a module, in the Frobenius norm."),
    {
      kind: "number",
      name: "rank",
      label: "Rank",
      initial: 8,
      min: 1,
      max: 4096,
      step: 1,
      when: is("rank"),
    },
    {
      kind: "text",
      name: "recipe",
      label: "Recipe",
      initial: "fro_lora=1,size=8",
      hint: "Scores and a target, e.g. spn_ckpt=1,thr=-1.2 with a base, or fro_lora=1,size=8 for 8 MiB.",
      when: is("recipe"),
    },
    {
      kind: "number",
      name: "svRatio",
      label: "Ratio",
      initial: 10,
      min: 1,
      max: 1e6,
      step: 0.1,
      hint: "σ above the largest of its module divided by this stay.",
      when: is("svRatio"),
    },
    share("svFro", "Share", 0.9, "Of the Frobenius norm of each module."),
    share("svCumulative", "Share", 0.9, "Of the sum of the σ of each module."),
    {
      kind: "switch",
      name: "kohyaPlusOne",
      label: "One more",
      initial: false,
      hint: "As kohya's own script keeps.",
      when: is("svRatio", "svFro", "svCumulative"),
    },
    most("maxRank", "Rank at most", "Of any module; 0 sets no limit."),
    most(
      "convRank",
      "Of convolutions",
      "Rank, or the most, of modules with a kernel; 0 treats them like others.",
    ),
    storedTypes,
  ],
  async run(jobs, { files, base, values, context }) {
    const dtype = values["dtype"] === "" ? undefined : (values["dtype"] as FactorDType);
    const tasks = jobs.resizeTasks(resizeFlags(values));
    const { file, dialect } = files[0]!;
    const outputs = await jobs.resize(file, { tasks, base, dtype, dialect }, context);
    return {
      outputs: outputs.map((output) => ({
        file: output.file,
        suffix: output.suffix === "" ? "-resized" : output.suffix,
        report: ({ path, bytes }) => output.report({ path, bytes }),
      })),
    };
  },
};

function share(name: string, label: string, initial: number, hint: string): Action["fields"][number] {
  return { kind: "number", name, label, initial, hint, min: 0, max: 1, step: 0.01, when: is(name) };
}

function most(name: string, label: string, hint: string): Action["fields"][number] {
  return { kind: "number", name, label, initial: 0, hint, min: 0, max: 4096, step: 1 };
}

function resizeFlags(values: Values): ResizeFlags {
  const rule = String(values["rule"]);
  const limits = {
    maxRank: Number(values["maxRank"]) || undefined,
    convRank: Number(values["convRank"]) || undefined,
  };
  if (rule === "knee") return { knee: "linear", ...limits };
  if (rule === "kneeLog") return { knee: "log", ...limits };
  const kohyaPlusOne = rule.startsWith("sv") && values["kohyaPlusOne"] === true ? true : undefined;
  return { [rule]: values[rule], kohyaPlusOne, ...limits };
}
