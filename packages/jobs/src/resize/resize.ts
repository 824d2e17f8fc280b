import { type Adapter, readAdapter, type Selection } from "@lora/peft";
import type { TensorFile } from "@lora/tensor";
import { deviceWork } from "../device/device-work.ts";
import { withDevice } from "../device/with-device.ts";
import { inlinePool } from "../pool/inline-pool.ts";
import type { RunContext } from "../pool/run-context.ts";
import { type Origin, originOf } from "../provenance/provenance.ts";
import { readableModules } from "../readable-modules.ts";
import { ownedModules, shareOfAdapter } from "../shard/share-of-adapter.ts";
import { choosePairs } from "./choose-pairs.ts";
import { type Cuts, cutsFarUp } from "./cuts-far-up.ts";
import { EarlyWriter } from "./early-writer.ts";
import type { KnownNorms } from "./known-norms.ts";
import { plannedBytes } from "./planned-bytes.ts";
import { type ResizeOutput, resizedFile } from "./resized-file.ts";
import { SizePlan } from "./size-plan.ts";
import {
  type MeasuredSpectrum,
  measureSpectra,
  type SpectrumFinding,
  type SpectrumSource,
} from "./spectra.ts";
import type { FactorDType } from "./stored-dtype.ts";
import type { ResizeTask } from "./tasks.ts";

/** Of a file that keeps all workers busy: they get ready while its names are read. */
const MANY_TENSORS = 500;

/** What `resize` may be told. */
export interface ResizeOptions {
  /** One output each; they share the decompositions. */
  readonly tasks: readonly ResizeTask[];
  /** The model the adapter was trained on; read only where a rule needs it, one paired weight at a time. */
  readonly base?: TensorFile | undefined;
  /** Stored type of the new factors; as in the input when left out. */
  readonly dtype?: FactorDType | undefined;
  readonly dialect?: string | undefined;
  /** Of the start vectors of iterative norms. @default 0 */
  readonly seed?: number | undefined;
  /** Norms of this very base from an earlier run, and where those of this one go; a weight of which all is known is not read. */
  readonly norms?: KnownNorms | undefined;
}

/**
 * Writes an adapter again at lower ranks with the least error those ranks allow: each update's own truncated
 * SVD, through its factors, never as a matrix of the weight's size. The ratio alpha / rank is preserved, up and
 * down are balanced, everything that is not a module's is carried over byte for byte.
 *
 * Costs O((m + n)·r²) a module to find its spectrum, and O((m + n)·r·k) to write k pairs of it: that is when values are
 * pulled. The signal and the pool of `context` serve both, so the pool stays open until the outputs are written.
 *
 * @throws LoraError as `readAdapter` does; USAGE or MISSING where a rule needs a base; NUMERIC for NaN or Inf
 * @see the truncated SVD is the nearest matrix of its rank: Eckart & Young 1936
 */
export async function resize(
  file: TensorFile,
  options: ResizeOptions,
  context: RunContext = {},
): Promise<readonly ResizeOutput[]> {
  const read = await readShare(file, options, context);
  const { whole, adapter } = read;
  const needs = new Set(options.tasks.flatMap((task) => task.choice.needs));
  const pool = context.pool ?? inlinePool(context.engine);
  // A rule that asks for the base has work that is longer than looking twice.
  const triesFirst = needs.size === 0 && !isKnown(adapter, context);
  const source = {
    adapter,
    base: options.base,
    seed: options.seed ?? 0,
    norms: options.norms,
    kept: context.share && ownedModules(whole, context.share),
    ...earlyWork(read, options, { pool, signal: context.signal, triesFirst }),
  };
  const device = context.backend && needs.size > 0 ? deviceWork(context.backend) : undefined;
  // Hashing goes on while workers measure.
  const [measured, origin] = await Promise.all([
    measureSpectra({ ...source, device }, needs, { ...context, pool }),
    originOf({ adapters: [{ file }], models: options.base && [options.base] }, context),
  ]);
  const plan = looksAcross(options) ? new SizePlan(adapter, options.dtype) : undefined;
  const found = { ...read, measured, origin, plan, context };
  return withDevice(
    options.tasks.map((task) => outputOf(task, options, found)),
    device,
  );
}

/** What the outputs of a resize are made from. */
interface Found extends ReadShare {
  readonly measured: readonly MeasuredSpectrum[];
  readonly origin: Origin;
  /** Of rules that look across modules. */
  readonly plan: SizePlan | undefined;
  readonly context: RunContext;
}

function outputOf(
  task: ResizeTask,
  { dtype }: ResizeOptions,
  { adapter, part, measured, origin, plan, context }: Found,
): ResizeOutput {
  const spectra = measured.map(({ rule }) => rule);
  const fileBytes = plan && plannedBytes(adapter, task, { plan, dtype, origin });
  const selection = choosePairs({ adapter, spectra, choice: task.choice, fileBytes });
  const own = ownModules(part, adapter, { measured, kept: selection.kept });
  return resizedFile({
    adapter: part,
    measured: own.measured,
    task,
    selection: { ...selection, kept: own.kept },
    dtype,
    origin,
    context,
  });
}

/** The adapter, the part of it that is written, and the part that is looked at. */
interface ReadShare {
  readonly whole: Adapter;
  readonly part: Adapter;
  readonly adapter: Adapter;
}

async function readShare(
  file: TensorFile,
  options: ResizeOptions,
  { signal, share, pool }: RunContext,
): Promise<ReadShare> {
  if (file.tensors.size >= MANY_TENSORS) pool?.begin();
  const whole = readableModules(await readAdapter(file, { dialect: options.dialect, signal }));
  const part = shareOfAdapter(whole, share);
  // A rule that looks at all modules has to see all of them, whichever are written.
  const adapter = looksAcross(options) ? whole : part;
  return { whole, part, adapter };
}

function isKnown({ modules }: Adapter, { findings }: RunContext): boolean {
  const found = findings?.of<SpectrumFinding>("spectrum");
  return found !== undefined && modules.every(({ name }) => found.has(name));
}

function looksAcross({ tasks }: ResizeOptions): boolean {
  return tasks.some(({ choice }) => choice.acrossModules === true);
}

/** One output whose rule looks at one module at a time is written while spectra are found. Tells what decides, and whether it is likely to cut far up. */
function earlyWork(
  { whole, adapter }: ReadShare,
  options: ResizeOptions,
  { pool, signal, triesFirst }: Omit<Cuts, "adapter" | "early"> & { readonly triesFirst: boolean },
): Pick<SpectrumSource, "early" | "inRuns"> {
  const [task, ...others] = options.tasks;
  if (task === undefined || others.length > 0 || looksAcross(options)) return {};
  const early = new EarlyWriter({ adapter, task, dtype: options.dtype });
  const inRuns = triesFirst ? cutsFarUp({ adapter: whole, early, pool, signal }) : Promise.resolve(true);
  return { early, inRuns };
}

interface Chosen {
  readonly measured: readonly MeasuredSpectrum[];
  readonly kept: Selection["kept"];
}

/** What was found and chosen of the modules of a part. */
function ownModules({ modules }: Adapter, whole: Adapter, { measured, kept }: Chosen): Chosen {
  const own = new Set(modules.map(({ name }) => name));
  const isOwn = (_: unknown, index: number): boolean => own.has(whole.modules[index]!.name);
  return { measured: measured.filter(isOwn), kept: kept.filter(isOwn) };
}
