import { safetensorsFileBytes } from "@lora/io";
import { checkOutput, type OpenedCheckpoint, writeFile } from "@lora/io/node";
import {
  type ResizeFlags as RuleFlags,
  type ResizeOutput,
  type ResizeReport,
  type ResizeTask,
  resize,
  resizeTasks,
} from "@lora/jobs";
import { type JobContext, LoraError, type TensorFile } from "@lora/tensor";
import type { ResizeFlags } from "./commands/_resize-flags.ts";
import { type NormFile, normFile } from "./norm-file.ts";
import { outputPath } from "./output-path.ts";
import { isFolder } from "./is-folder.ts";
import { pullAll } from "./pull-all.ts";
import type { Session } from "./session.ts";
import { writeParts } from "./write-parts.ts";
import { resizeView } from "./views/resize-view.ts";

/**
 * Opens, resizes, writes each output and prints its report; a dry run makes the same values and keeps none. An
 * output that cannot be written is refused before any work.
 *
 * @throws LoraError USAGE when several outputs would share the files beside them; as `resizeTasks`, `resize` and
 * `writeFile` do
 */
export async function resizeFile(path: string, flags: ResizeFlags, session: Session): Promise<void> {
  const tasks = resizeTasks(flags);
  const file = await session.open(path);
  const targets =
    flags.out === undefined ? undefined : await outputTargets(tasks, file, { out: flags.out, input: path });
  const base = flags.base === undefined ? undefined : await session.open(flags.base);
  const place = {
    force: flags.force === true,
    inputs: flags.base === undefined ? [path] : [path, flags.base],
  };
  if (flags.dryRun !== true && flags.shard === undefined)
    for (const target of targets ?? []) await checkOutput(file, target, place);
  const norms = await openNorms(flags, base);
  const plain = { dtype: flags.dtype, dialect: flags.dialect, seed: session.seed };
  const measures = tasks.some((task) => task.choice.needs.length > 0);
  const context = await session.contextFor(flags.device, measures ? base : undefined);
  if (flags.shard !== undefined) {
    const job = { job: "resize", options: { ...ruleFlags(flags), ...plain } } as const;
    const files = new Map([["adapter", file], ...(base === undefined ? [] : [["base", base] as const])]);
    const places = new Map(tasks.map(({ suffix }, index) => [suffix, targets![index]!]));
    const run = { job, files, share: flags.shard, norms: norms?.known };
    await writeParts(run, { targets: places, force: flags.force }, { session, context });
    return norms?.save();
  }
  const outputs = await resize(file, { ...plain, tasks, base, norms: norms?.known }, context);
  await norms?.save();
  for (const [index, output] of outputs.entries()) {
    const report = await written(output, targets?.[index], { flags, place, session });
    session.print(report, (terminal) => resizeView(report, terminal, flags));
  }
}

interface Writing {
  readonly flags: ResizeFlags;
  readonly place: { readonly force: boolean; readonly inputs: readonly string[] };
  readonly session: Session;
}

async function written(
  output: ResizeOutput,
  target: string | undefined,
  { flags, place, session: { context } }: Writing,
): Promise<ResizeReport> {
  if (target === undefined || flags.dryRun === true) return plan(output, target, context);
  return output.report(await writeFile(output.file, target, { ...place, ...context }));
}

/** The flags that say which ranks are kept. */
function ruleFlags(flags: ResizeFlags): RuleFlags {
  const { rank, energy, error, knee, svRatio, svFro, svCumulative, recipe, maxRank, convRank, kohyaPlusOne } =
    flags;
  return { rank, energy, error, knee, svRatio, svFro, svCumulative, recipe, maxRank, convRank, kohyaPlusOne };
}

/**
 * The file of norms, where one is named.
 *
 * @throws LoraError USAGE when there is no base that they could be of
 */
async function openNorms(
  { norms, base }: ResizeFlags,
  opened: OpenedCheckpoint | undefined,
): Promise<NormFile | undefined> {
  if (norms === undefined) return undefined;
  if (base !== undefined && opened !== undefined) return normFile(norms, opened, base);
  throw new LoraError("USAGE", "--norms keeps the norms of a base, and none was given", {
    file: norms,
    advice: "name the base with --base",
  });
}

/** Where each task's output goes. */
async function outputTargets(
  tasks: readonly ResizeTask[],
  file: TensorFile,
  { out, input }: { readonly out: string; readonly input: string },
): Promise<string[]> {
  const folder = await isFolder(out);
  const hasSidecars = file.sidecars.has("adapter_config.json");
  if (tasks.length > 1 && hasSidecars && out.endsWith(".safetensors") && !folder) {
    throw new LoraError("USAGE", `${tasks.length} outputs with a config each cannot share one folder`, {
      file: out,
      advice: "name a folder with -o: each output gets its own beside it",
    });
  }
  return tasks.map(({ suffix }) => outputPath({ out, isFolder: folder, input, suffix, hasSidecars }));
}

/** The report of a file that is not written: its values are made, measured and forgotten, its size is calculated. */
async function plan(
  { file, report, suffix }: ResizeOutput,
  target: string | undefined,
  context: JobContext,
): Promise<ResizeReport> {
  await pullAll(file, context);
  const bytes = safetensorsFileBytes(file.tensors, file.metadata);
  return report({ path: target ?? `(no name given)${suffix}`, bytes });
}
