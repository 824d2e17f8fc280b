import { stat } from "node:fs/promises";
import { safetensorsFileBytes } from "@lora/io";
import { writeFile } from "@lora/io/node";
import { type ResizeOutput, type ResizeReport, resize, resizeTasks } from "@lora/jobs";
import { type JobContext, LoraError } from "@lora/tensor";
import type { ResizeFlags } from "./commands/_resize-flags.ts";
import { outputPath } from "./output-path.ts";
import type { Session } from "./session.ts";
import { resizeView } from "./views/resize-view.ts";

/**
 * Opens, resizes, writes each output and prints its report; a dry run makes the same values and keeps none.
 *
 * @throws LoraError USAGE when several outputs would share the files beside them; as `resizeTasks`, `resize` and
 * `writeFile` do
 */
export async function resizeFile(path: string, flags: ResizeFlags, session: Session): Promise<void> {
  const tasks = resizeTasks(flags);
  const file = await session.open(path);
  const isFolder = flags.out !== undefined && (await isDirectory(flags.out));
  if (
    tasks.length > 1 &&
    file.sidecars.has("adapter_config.json") &&
    flags.out?.endsWith(".safetensors") === true &&
    !isFolder
  ) {
    throw new LoraError("USAGE", `${tasks.length} outputs with a config each cannot share one folder`, {
      file: flags.out,
      advice: "name a folder with -o: each output gets its own beside it",
    });
  }
  const base = flags.base === undefined ? undefined : await session.open(flags.base);
  const options = { tasks, base, dtype: flags.dtype, dialect: flags.dialect, seed: session.seed };
  for (const output of await resize(file, options, session.context)) {
    const target =
      flags.out === undefined ? undefined : targetOf(output, { out: flags.out, isFolder, input: path });
    const report =
      target === undefined || flags.dryRun === true
        ? await plan(output, target, session.context)
        : await write(output, { target, path, flags, context: session.context });
    session.print(report, (terminal) => resizeView(report, terminal, flags));
  }
}

interface Place {
  readonly target: string;
  readonly path: string;
  readonly flags: ResizeFlags;
  readonly context: JobContext;
}

async function write(output: ResizeOutput, { target, path, flags, context }: Place): Promise<ResizeReport> {
  const inputs = flags.base === undefined ? [path] : [path, flags.base];
  return output.report(
    await writeFile(output.file, target, { force: flags.force === true, inputs, ...context }),
  );
}

/** The report of a file that is not written: its values are made, measured and forgotten, its size is calculated. */
async function plan(
  { file, report, suffix }: ResizeOutput,
  target: string | undefined,
  context: JobContext,
): Promise<ResizeReport> {
  await pullAll(file.tensors, context);
  const bytes = safetensorsFileBytes(file.tensors, file.metadata);
  return report({ path: target ?? `(no name given)${suffix}`, bytes });
}

async function pullAll(
  tensors: ResizeOutput["file"]["tensors"],
  { signal, onProgress }: JobContext,
): Promise<void> {
  const total = [...tensors.values()].reduce((sum, tensor) => sum + tensor.byteLength, 0);
  let done = 0;
  for (const tensor of tensors.values()) {
    await tensor.bytes(undefined, signal);
    done += tensor.byteLength;
    onProgress?.({ phase: "measuring", done, total, unit: "bytes" });
  }
}

function targetOf(
  { file, suffix }: ResizeOutput,
  place: { out: string; isFolder: boolean; input: string },
): string {
  return outputPath({ ...place, suffix, hasSidecars: file.sidecars.has("adapter_config.json") });
}

async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
