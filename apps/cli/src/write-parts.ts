import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { checkFolderFree, type FolderOptions, writeFolder } from "@lora/io/node";
import { type PartOutput, type RunContext, runShare, type ShareRun } from "@lora/jobs";
import { jobView } from "./views/job-view.ts";
import type { Session } from "./session.ts";

/** The file in the folder of a part that says what it is a part of. */
export const PART_FILE = "lora.part";

/** Where parts go. */
export interface PartPlaces {
  /** The path of each whole output, by the name of the output. */
  readonly targets: ReadonlyMap<string, string>;
  readonly force?: boolean | undefined;
  /** A folder whose small files belong to the output, or what is read from elsewhere; they come with the first part. */
  readonly companions?: FolderOptions["companions"];
}

/**
 * Does a share of a job: writes the part of each output to a folder beside where the whole would be, `<output>.part-2-of-4`, and
 * prints the report of the share.
 *
 * @throws LoraError USAGE when a part is there already and may not be replaced; as `runShare` and `writeFolder` do
 */
export async function writeParts(
  run: ShareRun,
  places: PartPlaces,
  { session, context = session.context }: { readonly session: Session; readonly context?: RunContext },
): Promise<void> {
  const { index, count } = run.share;
  const paths = new Map(
    Array.from(places.targets, ([name, target]) => [
      name,
      `${target.replace(/[/\\]+$/u, "")}.part-${index}-of-${count}`,
    ]),
  );
  for (const path of paths.values()) {
    if (places.force === true) await removePart(path);
    await checkFolderFree(path);
  }
  for (const output of await runShare(run, context)) {
    const place = { path: paths.get(output.name)!, companions: index === 1 ? places.companions : undefined };
    await writePart(output, place, { run, session });
  }
}

async function writePart(
  output: PartOutput,
  { path, companions }: { readonly path: string; readonly companions: FolderOptions["companions"] },
  { run, session }: { readonly run: ShareRun; readonly session: Session },
): Promise<void> {
  const { shards, resumed, ...written } = await writeFolder(output.file!, path, {
    ...session.context,
    companions,
    texts: () => [[PART_FILE, `${JSON.stringify(output.record())}\n`]],
  });
  const report = output.report({ ...written, files: shards, resumed });
  if (report === undefined) return;
  const { index, count } = run.share;
  session.print({ ...report, share: { index, count, plan: output.plan } }, (terminal) => [
    ...jobView(run.job.job, report, terminal),
    "",
    `This is part ${index} of ${count}; lora join makes the whole of all of them.`,
  ]);
}

/** Removes a part that may be replaced; nothing else of that name. */
async function removePart(path: string): Promise<void> {
  const isPart = await stat(join(path, PART_FILE)).then(
    () => true,
    () => false,
  );
  if (isPart) await rm(path, { recursive: true });
}
