import { LoraError } from "@lora/tensor";
import type { Action } from "./_action.ts";

/** What can be removed at once, each with what it is. */
const GROUPS = [
  ["", "nothing"],
  ["training", "how it was trained"],
  ["datasets", "folders, captions and tags of the data"],
  ["thumbnail", "the picture"],
  ["hashes", "hashes"],
  ["modelspec", "all of modelspec"],
  ["provenance", "what other tools did to it"],
  ["all", "everything but what the update needs"],
] as const;

/** Other texts in the header, the same tensors. */
export const metadata: Action = {
  id: "metadata",
  title: "Edit metadata",
  summary: "Removes and sets what the file says of itself; its tensors are copied byte for byte.",
  files: { least: 1, most: 1, weights: false },
  base: "none",
  writes: true,
  fields: [
    {
      kind: "choice",
      name: "strip",
      label: "Remove",
      initial: "",
      options: GROUPS.map(([value, label]) => ({ value, label })),
    },
    { kind: "lines", name: "unset", label: "Remove keys", initial: "", hint: "One a line." },
    {
      kind: "lines",
      name: "set",
      label: "Set",
      initial: "",
      hint: "One key=value a line, e.g. modelspec.title=My style.",
    },
    {
      kind: "picture",
      name: "thumbnail",
      label: "Picture",
      initial: "",
      most: 256,
      hint: "Scaled to fit 256 × 256 pixels, and kept as modelspec.thumbnail.",
    },
    {
      kind: "switch",
      name: "hash",
      label: "Add hashes",
      initial: false,
      hint: "sshs_model_hash and sshs_legacy_hash; those that are there are calculated anew anyway.",
    },
  ],
  async run(jobs, { files, values, pictures, context }) {
    const strip = values["strip"] === "" ? undefined : [String(values["strip"])];
    const edits = {
      strip,
      unset: linesOf(values["unset"]),
      set: Object.fromEntries(linesOf(values["set"]).map(keyAndValue)),
      thumbnail: await bytesOf(pictures["thumbnail"]),
      hash: values["hash"] === true,
    };
    const output = await jobs.metadata(files[0]!.file, edits, context);
    const report = ({ path, bytes }: { path: string; bytes: number }): object =>
      output.report({ path, bytes });
    return { outputs: [{ file: output.file, suffix: "-edited", report }] };
  },
};

async function bytesOf(blob: Blob | undefined): Promise<Uint8Array | undefined> {
  return blob && new Uint8Array(await blob.arrayBuffer());
}

function linesOf(text: string | number | boolean | undefined): string[] {
  return String(text ?? "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

function keyAndValue(line: string): [string, string] {
  const at = line.indexOf("=");
  if (at > 0) return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
  throw new LoraError("USAGE", `a line sets no key: ${line}`, { advice: "write key=value, one a line" });
}
