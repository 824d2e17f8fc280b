import type { Action } from "./_action.ts";
import { sharedDialect } from "./_shared-dialect.ts";

/** Whether two adapters make the same updates. */
export const verify: Action = {
  id: "verify",
  title: "Verify",
  summary:
    "Compares the updates of two adapters, module by module, whatever their ranks, names and stored types.",
  files: { least: 2, most: 2, weights: false },
  base: "none",
  writes: false,
  fields: [
    {
      kind: "switch",
      name: "rounding",
      label: "Allow what rounding explains",
      initial: true,
      hint: "The tolerance that the coarser stored type makes unavoidable.",
    },
    {
      kind: "number",
      name: "tolerance",
      label: "Tolerance",
      initial: 0.1,
      min: 0,
      max: 1,
      step: 0.01,
      hint: "Largest relative error of a module that passes.",
      when: (values) => values["rounding"] !== true,
    },
  ],
  async run(jobs, { files, values, context }) {
    const tolerance = values["rounding"] === true ? undefined : Number(values["tolerance"]);
    const options = { tolerance, dialect: sharedDialect(files) };
    return { report: await jobs.verify(files[0]!.file, files[1]!.file, options, context), outputs: [] };
  },
};
