import { type RunContext, runShare, type ShareRun } from "@lora/jobs";
import type { Session } from "./session.ts";
import { jobView } from "./views/job-view.ts";

/**
 * Does a share of a job that writes nothing but its report, and prints that: as JSON with all that joining needs.
 *
 * @throws LoraError as `runShare` does
 */
export async function printShare(run: ShareRun, session: Session, context: RunContext): Promise<void> {
  const [output] = await runShare(run, context);
  const report = output!.report({ path: "", bytes: 0 })!;
  session.print({ ...report, part: output!.record() }, (terminal) => [
    ...jobView(run.job.job, report, terminal),
    "",
    `This is share ${run.share.index} of ${run.share.count}; with --json, lora join makes the whole report of all of them.`,
  ]);
}
