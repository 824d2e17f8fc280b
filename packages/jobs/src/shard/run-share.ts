import type { RunContext } from "../pool/run-context.ts";
import type { KnownNorms } from "../resize/known-norms.ts";
import { headerOf } from "./file-header.ts";
import { Findings } from "./findings.ts";
import { type PartRecord, partRecord, planHash, type Planned } from "./part-record.ts";
import { runJob, type SplitOutput } from "./run-job.ts";
import type { Share } from "./share.ts";
import type { SplitFiles, SplitJob } from "./split-job.ts";

/** What a run of a shared job is told. */
export interface ShareRun {
  readonly job: SplitJob;
  readonly files: SplitFiles;
  readonly share: Share;
  /** Norms of the base from an earlier run, so that not every run has to find all of them. */
  readonly norms?: KnownNorms | undefined;
}

/** A share of an output. */
export interface PartOutput extends SplitOutput {
  /** SHA-256 of the plan that all parts share. */
  readonly plan: string;
  /** What joining needs of this part; to be asked for when its file is written. */
  record(): PartRecord;
}

/** Files whose single numbers are read before any work: the scales of adapters. */
const ADAPTER = /^(?:adapter(?: \d+)?|a|b)$/u;

/**
 * One of several runs of a job: works on the modules of its share, and gives the part of each output that holds them. Which
 * modules those are follows from the headers of the inputs alone, so that runs need not know of each other. A rule of `resize`
 * that looks at all modules has every run find all spectra; only the factors of its share are written.
 *
 * @throws LoraError USAGE when there is no such share; UNSUPPORTED when the job has no shares (`init` with `eva`); as the job does
 */
export async function runShare(
  { job, files, share, norms }: ShareRun,
  context: RunContext = {},
): Promise<readonly PartOutput[]> {
  const findings = new Findings();
  const { planned, plan } = await planShare({ job, files, share }, context);
  const outputs = await runJob(job, files, { ...context, share, findings, norms });
  return outputs.map((output) => ({
    ...output,
    plan,
    record: () => partRecord(planned, { share, output: output.name, plan, findings: findings.toJSON() }),
  }));
}

/**
 * The plan that the parts of a job share, from the headers of its inputs, and its SHA-256.
 *
 * @throws LoraError as reading a header does
 */
export async function planShare(
  { job, files, share }: ShareRun,
  { signal }: RunContext = {},
): Promise<{ readonly planned: Planned; readonly plan: string }> {
  const inputs = await Promise.all(
    Array.from(
      files,
      async ([role, file]) =>
        [role, await headerOf(file, { withNumbers: ADAPTER.test(role), signal })] as const,
    ),
  );
  const planned: Planned = { ...job, inputs };
  return { planned, plan: await planHash(planned, share.count) };
}
