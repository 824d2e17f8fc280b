import { type FolderOptions, writeFolder } from "@lora/io/node";
import { type PartOutput, type RunContext, runShare, type ShareRun } from "@lora/jobs";
import { type InputStates, PART_FILE, presentParts } from "./present-parts.ts";
import type { Session } from "./session.ts";
import { jobView } from "./views/job-view.ts";

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
 * prints the report of the share. Parts that an earlier run has made of the same inputs, with the same options, stay as they are.
 *
 * @throws LoraError USAGE when something else is where a part goes, and may not be replaced; as `runShare` and `writeFolder` do
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
  const found = await presentParts(run, paths, { force: places.force === true, session });
  if (found.made.size < paths.size) {
    for (const output of await runShare(run, context)) {
      if (found.made.has(output.name)) continue;
      const place = {
        path: paths.get(output.name)!,
        companions: index === 1 ? places.companions : undefined,
      };
      await writePart(output, place, { run, session, states: found.states });
    }
  }
  const share = { index, count, plan: found.plan };
  for (const path of found.made.values()) {
    session.print({ job: run.job.job, share, output: { path }, alreadyThere: true }, () => [
      `${path} is there already, made from these inputs with these options.`,
    ]);
  }
}

async function writePart(
  output: PartOutput,
  { path, companions }: { readonly path: string; readonly companions: FolderOptions["companions"] },
  {
    run,
    session,
    states,
  }: { readonly run: ShareRun; readonly session: Session; readonly states: InputStates },
): Promise<void> {
  const { shards, resumed, ...written } = await writeFolder(output.file!, path, {
    ...session.context,
    companions,
    texts: () => [[PART_FILE, `${JSON.stringify({ ...output.record(), inputStates: states })}\n`]],
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
