import { safetensorsFileBytes } from "@lora/io";
import { writeFile } from "@lora/io/node";
import { type ResizeOutput, type ResizeReport, resize, resizeTasks } from "@lora/jobs";
import type { JobContext } from "@lora/tensor";
import type { ResizeFlags } from "./commands/_resize-flags.ts";
import { outputPath } from "./output-path.ts";
import type { Session } from "./session.ts";
import { resizeView } from "./views/resize-view.ts";

/** Opens, resizes, writes each output and prints its report; a dry run makes the same values and keeps none. */
export async function resizeFile(path: string, flags: ResizeFlags, session: Session): Promise<void> {
  const tasks = resizeTasks(flags);
  const file = await session.open(path);
  const base = flags.base === undefined ? undefined : await session.open(flags.base);
  const options = { tasks, base, dtype: flags.dtype, dialect: flags.dialect, seed: session.seed };
  for (const output of await resize(file, options, session.context)) {
    const report = await (flags.dryRun === true ? plan : write)(output, { path, flags, session });
    session.print(report, (terminal) => resizeView(report, terminal, flags));
  }
}

interface Place {
  readonly path: string;
  readonly flags: ResizeFlags;
  readonly session: Session;
}

async function write(output: ResizeOutput, { path, flags, session }: Place): Promise<ResizeReport> {
  const inputs = flags.base === undefined ? [path] : [path, flags.base];
  const written = await writeFile(output.file, targetOf(output, path, flags.out ?? ""), {
    force: flags.force === true,
    inputs,
    ...session.context,
  });
  return output.report(written);
}

/** The report of a file that is not written: its values are made, measured and forgotten, its size is calculated. */
async function plan(output: ResizeOutput, { path, flags, session }: Place): Promise<ResizeReport> {
  await pullAll(output.file.tensors, session.context);
  const bytes = safetensorsFileBytes(output.file.tensors, output.file.metadata);
  const target = flags.out === undefined ? `not named${output.suffix}` : targetOf(output, path, flags.out);
  return output.report({ path: target, bytes });
}

async function pullAll(tensors: ResizeOutput["file"]["tensors"], { signal, onProgress }: JobContext): Promise<void> {
  const total = [...tensors.values()].reduce((sum, tensor) => sum + tensor.byteLength, 0);
  let done = 0;
  for (const tensor of tensors.values()) {
    await tensor.bytes(undefined, signal);
    done += tensor.byteLength;
    onProgress?.({ phase: "measuring", done, total, unit: "bytes" });
  }
}

function targetOf(output: ResizeOutput, input: string, out: string): string {
  const hasSidecars = output.file.sidecars.size > 0;
  return outputPath({ out, input, suffix: output.suffix, hasSidecars });
}
