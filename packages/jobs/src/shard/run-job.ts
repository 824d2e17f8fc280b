import { safetensorsFileBytes } from "@lora/io";
import { LoraError, type TensorFile } from "@lora/tensor";
import { analyse } from "../analyse/analyse.ts";
import { combine } from "../combine/combine.ts";
import { extract } from "../extract/extract.ts";
import { init } from "../init/init.ts";
import { merge } from "../merge/merge.ts";
import type { MergeWritten } from "../merge/merge-report.ts";
import type { RunContext } from "../pool/run-context.ts";
import type { KnownNorms } from "../resize/known-norms.ts";
import { resize } from "../resize/resize.ts";
import { resizeTasks } from "../resize/tasks.ts";
import { verify } from "../verify/verify.ts";
import { adaptersOf, type SplitFiles, type SplitJob, type SplitJobName } from "./split-job.ts";

/** Where an output was written; of a model also in which files. */
export type OutputPlace = Pick<MergeWritten, "path" | "bytes"> & Partial<MergeWritten>;

/** One output of a job that is told as data. */
export interface SplitOutput {
  /** Tells the outputs of a job apart: the suffix of a recipe, `base` beside an adapter; "" for the only one. */
  readonly name: string;
  /** What is to be written; undefined where the report is all there is. */
  readonly file: TensorFile | undefined;
  /** What was done, once the file is written; undefined where another output's report says it. */
  report(place: OutputPlace): object | undefined;
}

/** What runs beside a job. */
export interface SplitContext extends RunContext {
  readonly norms?: KnownNorms | undefined;
}

/**
 * Runs a job from plain data: what one process does, each of several, and whoever joins their parts.
 *
 * @throws LoraError MISSING when a file is not given that the job reads; as the job does
 */
export function runJob(
  job: SplitJob,
  files: SplitFiles,
  context: SplitContext = {},
): Promise<readonly SplitOutput[]> {
  const run = JOBS[job.job] as (
    options: SplitJob["options"],
    files: SplitFiles,
    context: SplitContext,
  ) => Promise<readonly SplitOutput[]>;
  return run(job.options, files, context);
}

type OptionsOf<Name extends SplitJobName> = Extract<SplitJob, { readonly job: Name }>["options"];

const JOBS: {
  readonly [Name in SplitJobName]: (
    options: OptionsOf<Name>,
    files: SplitFiles,
    context: SplitContext,
  ) => Promise<readonly SplitOutput[]>;
} = {
  async resize({ dtype, dialect, seed, ...flags }, files, context) {
    const tasks = resizeTasks(flags);
    const options = { dtype, dialect, seed, tasks, base: files.get("base"), norms: context.norms };
    const outputs = await resize(fileOf(files, "adapter"), options, context);
    return outputs.map(({ suffix, file, report }) => ({ name: suffix, file, report }));
  },
  async combine({ weights, dialect, ...options }, files, context) {
    const inputs = adaptersOf(files).map((file, i) => ({ file, weight: weights[i] ?? 1, dialect }));
    return [{ name: "", ...(await combine(inputs, options, context)) }];
  },
  async merge({ weights, ...options }, files, context) {
    const adapters = adaptersOf(files).map((file, i) => ({ file, weight: weights[i] }));
    const { file, report } = await merge(fileOf(files, "base"), { ...options, adapters }, context);
    const whole = (place: OutputPlace): MergeWritten => ({ files: [place.path], resumed: [], ...place });
    return [{ name: "", file, report: (place) => report(whole(place)) }];
  },
  async extract(options, files, context) {
    const models = { base: fileOf(files, "base"), tuned: fileOf(files, "tuned") };
    return [{ name: "", ...(await extract(models, options, context)) }];
  },
  init: initOutputs,
  async analyse(options, files, context) {
    const found = await analyse(fileOf(files, "adapter"), { ...options, base: files.get("base") }, context);
    return [{ name: "", file: undefined, report: () => found }];
  },
  async verify(options, files, context) {
    const found = await verify(fileOf(files, "a"), fileOf(files, "b"), options, context);
    return [{ name: "", file: undefined, report: () => found }];
  },
};

function fileOf(files: SplitFiles, role: string): TensorFile {
  const file = files.get(role);
  if (file !== undefined) return file;
  throw new LoraError("MISSING", `the job reads a file as ${role}, and none is given`, {
    role,
    given: [...files.keys()],
  });
}

/** The base first: with it, every module is worked on once. */
async function initOutputs(
  options: OptionsOf<"init">,
  files: SplitFiles,
  context: RunContext,
): Promise<readonly SplitOutput[]> {
  const [activations, gradients] = [files.get("activations"), files.get("gradients")];
  const output = await init(fileOf(files, "base"), { ...options, activations, gradients }, context);
  const { adapter, base } = output;
  const changed = base && {
    path: "(written apart)",
    bytes: safetensorsFileBytes(base.tensors, base.metadata),
  };
  const own: SplitOutput = {
    name: "",
    file: adapter,
    report: (place) => output.report({ adapter: place, base: changed }),
  };
  return base === undefined ? [own] : [{ name: "base", file: base, report: () => undefined }, own];
}
