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
    storedTypes,
  ],
  async run(jobs, { files, base, values, context }) {
    const dtype = values["dtype"] === "" ? undefined : (values["dtype"] as FactorDType);
    const tasks = jobs.resizeTasks(resizeFlags(values));
    const outputs = await jobs.resize(files[0]!.file, { tasks, base, dtype }, context);
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

function resizeFlags(values: Values): ResizeFlags {
  const rule = String(values["rule"]);
  return rule === "knee" ? { knee: "linear" } : { [rule]: values[rule] };
}
