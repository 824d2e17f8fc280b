import { type LazyTensor, LoraError, sameShape, shapeText, type TensorFile } from "@lora/tensor";
import type { RunContext } from "../pool/run-context.ts";
import { fileOfHeader } from "../shard/file-header.ts";
import { Findings } from "../shard/findings.ts";
import { runJob, type SplitOutput } from "../shard/run-job.ts";
import type { SplitJobName } from "../shard/split-job.ts";
import { checkedParts, type Part } from "./check-parts.ts";

/** The whole that parts make. */
export interface JoinOutput extends SplitOutput {
  readonly job: SplitJobName;
  /** The parts in the order of their shares. */
  readonly parts: readonly Part[];
}

/**
 * Puts the parts of a job together: the output that one process writes, byte for byte, and its report. The job is planned
 * again on the headers of its inputs with what the parts have found, which settles names, order, ranks and texts; values are
 * those of the parts, and are copied when the output is written. Nothing is calculated, and the inputs are not needed.
 *
 * @throws LoraError USAGE or MISSING when the parts do not make a whole (`checkedParts`); MISSING, SHAPE when one lacks a tensor,
 *   or holds it in another shape or type
 */
export async function joinParts(parts: readonly Part[], context: RunContext = {}): Promise<JoinOutput> {
  const ordered = checkedParts(parts);
  const { record } = ordered[0];
  const findings = new Findings();
  for (const part of ordered) findings.add(part.record.findings);
  const files = new Map(record.inputs.map(([role, header]) => [role, fileOfHeader(header)]));
  const outputs = await runJob(record, files, { signal: context.signal, tool: context.tool, findings });
  const output = outputs.find(({ name }) => name === record.output)!;
  const file = output.file && withValues(output.file, ordered);
  return { ...output, file, job: record.job, parts: ordered };
}

/** The tensors of a file, each from the part that holds it. */
function withValues(file: TensorFile, parts: readonly Part[]): TensorFile {
  const held = new Map(
    parts.flatMap((part) =>
      Array.from(part.file?.tensors ?? [], ([name, tensor]) => [name, { tensor, part: part.name }] as const),
    ),
  );
  const tensors = Array.from(file.tensors, ([name, wanted]): [string, LazyTensor] => {
    const found = held.get(name);
    if (found === undefined) {
      throw new LoraError("MISSING", "no part holds this tensor of the output", {
        tensor: name,
        advice: "make the parts again: one of them was changed",
      });
    }
    if (found.tensor.dtype === wanted.dtype && sameShape(found.tensor.shape, wanted.shape))
      return [name, found.tensor];
    throw new LoraError("SHAPE", `the part holds ${specText(found.tensor)}, not ${specText(wanted)}`, {
      file: found.part,
      tensor: name,
      advice: "make the part again: it was changed",
    });
  });
  return { ...file, tensors: new Map(tensors) };
}

function specText({ dtype, shape }: LazyTensor): string {
  return `${shapeText(shape)} of ${dtype}`;
}
