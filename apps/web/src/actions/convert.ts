import type { ConvertOptions, FactorDType } from "@lora/jobs";
import type { Action, Values } from "./_action.ts";
import { WRITTEN_DIALECTS } from "./_dialects.ts";
import { storedTypes } from "./_stored-types.ts";

/** The same updates under other names. */
export const convert: Action = {
  id: "convert",
  title: "Convert",
  summary:
    "Writes the same updates as another program expects them, reads the new file back and compares every module.",
  files: { least: 1, most: 1, weights: false },
  base: "optional",
  writes: true,
  fields: [
    {
      kind: "choice",
      name: "to",
      label: "For",
      initial: "peft",
      options: WRITTEN_DIALECTS.map(([value, label]) => ({ value, label })),
    },
    {
      kind: "choice",
      name: "keep",
      label: "Ranks",
      initial: "exact",
      options: [
        { value: "exact", label: "as exact as the type allows" },
        { value: "rank", label: "at most a rank" },
        { value: "error", label: "the smallest within an error" },
      ],
    },
    {
      kind: "number",
      name: "rank",
      label: "Rank at most",
      initial: 16,
      min: 1,
      max: 4096,
      step: 1,
      when: ({ keep }) => keep === "rank",
    },
    {
      kind: "number",
      name: "error",
      label: "Error",
      initial: 0.01,
      min: 0.0001,
      max: 0.99,
      step: 0.01,
      hint: "Largest relative error of a module, in the Frobenius norm.",
      when: ({ keep }) => keep === "error",
    },
    {
      kind: "switch",
      name: "padRank",
      label: "One rank for all modules",
      initial: false,
      hint: "Padded with zeros, for readers that know no other (vLLM).",
    },
    {
      kind: "choice",
      name: "parts",
      label: "Parts",
      initial: "",
      options: [
        { value: "", label: "all of the adapter" },
        { value: "unet,transformer,model", label: "without its text encoders" },
        { value: "te1,te2,te3", label: "text encoders only" },
      ],
    },
    storedTypes,
  ],
  async run(jobs, { files, base, values, context }) {
    const output = await jobs.convert(
      files[0]!.file,
      { ...optionsOf(values), from: files[0]!.dialect, base },
      context,
    );
    const { file, container, fileName } = output;
    return {
      outputs: [
        {
          file,
          container,
          fileName,
          suffix: `-${String(values["to"])}`,
          report: async ({ again, ...place }) => output.verify(await again(), place, context),
        },
      ],
    };
  },
};

function optionsOf({ to, keep, rank, error, padRank, parts, dtype }: Values): ConvertOptions {
  return {
    to: String(to),
    rank: keep === "rank" ? Number(rank) : undefined,
    error: keep === "error" ? Number(error) : undefined,
    padRank: padRank === true,
    components: parts === "" ? undefined : (String(parts).split(",") as ConvertOptions["components"]),
    dtype: dtype === "" ? undefined : (dtype as FactorDType),
  };
}
