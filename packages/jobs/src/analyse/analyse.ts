import {
  type Adapter,
  type AdapterModule,
  type BasePairing,
  needsBase,
  pairWithBase,
  readAdapter,
} from "@lora/peft";
import { LoraError, type TensorFile } from "@lora/tensor";
import { norm } from "../arithmetic.ts";
import { type DeviceWork, deviceWork } from "../device/device-work.ts";
import { eachModule } from "../each-module.ts";
import type { RunContext } from "../pool/run-context.ts";
import type { WorkerPool } from "../pool/worker-pool.ts";
import { moduleBytes, weightBytes } from "../posted.ts";
import { readableModules } from "../readable-modules.ts";
import type { AnalyseReport, ModuleAnalysis, RankOutlook } from "../reports.ts";
import { shareOfAdapter } from "../shard/share-of-adapter.ts";
import { fileSummary } from "../summaries.ts";
import { analyseModule } from "./analyse-module.ts";
import { attempt, type Attempt, sortAttempts } from "./measured-modules.ts";
import { outlook } from "./outlook.ts";

/** What `analyse` may be told. */
export interface AnalyseOptions {
  /** The model the adapter was trained on; only the paired weights are read, one at a time. */
  readonly base?: TensorFile | undefined;
  readonly dialect?: string | undefined;
  /** Of the start vectors of iterative norms. @default 0 */
  readonly seed?: number | undefined;
  /** Go on past modules whose values are NaN or infinite, and name them. @default false, the first one is an error */
  readonly keepGoing?: boolean | undefined;
}

/**
 * Measures every update of an adapter: spectrum, ranks, balance, range; and against the base weight, where one
 * is given, the ratios and factors that tell how the update lies in it. One module is in memory at a time, with a
 * pool two for each worker.
 *
 * What multiplies its weight is measured with it: OFT, (IA)³, GLoRA, DoRA.
 *
 * Costs O((m + n)·r²) a module; with a base, one product W·V and some forty passes over W.
 *
 * @throws LoraError as `readAdapter` does; NUMERIC for NaN or Inf, with `keepGoing` only when all modules have some; MISSING when no module is in the base; SHAPE
 * when a base weight does not fit
 */
export async function analyse(
  file: TensorFile,
  options: AnalyseOptions = {},
  context: RunContext = {},
): Promise<AnalyseReport> {
  const whole = await readAdapter(file, { dialect: options.dialect, signal: context.signal });
  const pairing = options.base && pairSome(whole, options.base);
  const adapter = shareOfAdapter(readableModules(whole, pairing), context.share);
  const own = new Set(adapter.modules.map(({ name }) => name));
  const device = context.backend && options.base && deviceWork(context.backend);
  const { modules, unmeasured } = await analyseModules(adapter, { pairing, device, options }, context);
  return {
    job: "analyse",
    file: fileSummary(file),
    base: options.base ? fileSummary(options.base) : null,
    dialect: adapter.detection.dialect,
    baseArchitecture: adapter.baseArchitecture,
    modules,
    summary: {
      frobenius: norm(modules.map((module) => module.frobenius)),
      meanStableRank: mean(modules.filter((module) => !module.zero).map((module) => module.stableRank)),
      zeroModules: modules.filter((module) => module.zero).length,
      unpaired:
        pairing?.unpaired.flatMap(({ module, reason }) => (own.has(module) ? [{ module, reason }] : [])) ??
        [],
      ...(options.keepGoing === true && { unmeasured }),
    },
    outlook: pairOutlook(adapter, modules, pairing),
    warnings: adapter.warnings,
    ...(device && { device: device.summary() }),
  };
}

/** What lower ranks would give: of modules whose update has the rank of their factors. */
function pairOutlook(
  adapter: Adapter,
  modules: readonly ModuleAnalysis[],
  pairing: BasePairing | undefined,
): RankOutlook[] {
  const isPair = adapter.modules.map(
    (module) => !(needsBase(module) && pairing?.pairs.has(module.name) === true),
  );
  const pairs = adapter.modules.filter((_, index) => isPair[index]);
  return outlook(
    { ...adapter, modules: pairs },
    modules.filter((_, index) => isPair[index]),
  );
}

interface Against {
  readonly pairing: BasePairing | undefined;
  readonly device: DeviceWork | undefined;
  readonly options: AnalyseOptions;
}

async function analyseModules(
  { modules, file }: Adapter,
  { pairing, device, options }: Against,
  context: RunContext,
): Promise<ReturnType<typeof sortAttempts>> {
  const known = context.findings?.of<ModuleAnalysis>("analysis");
  const bytes = (module: AdapterModule): number => {
    const pair = pairing?.pairs.get(module.name);
    return moduleBytes(module) + (pair === undefined ? 0 : weightBytes(pair));
  };
  const measureOne = async (module: AdapterModule, pool: WorkerPool): Promise<ModuleAnalysis> => {
    const before = known?.get(module.name);
    if (before !== undefined) return before;
    const pair = pairing?.pairs.get(module.name);
    const base = pair && { pair, file: options.base!.name };
    const measurable = { module, file: file.name, base, seed: options.seed ?? 0, device };
    const found = await analyseModule(measurable, context, pool);
    known?.set(module.name, found);
    return found;
  };
  const attempts = await eachModule<AdapterModule, Attempt>(
    modules,
    { phase: "analysing", bytes, context },
    (module, pool) => {
      const work = (): Promise<ModuleAnalysis> => measureOne(module, pool);
      return options.keepGoing === true ? attempt(module.name, work) : work();
    },
  );
  return sortAttempts(attempts);
}

/** An adapter of several parts may be looked at beside one part of its base; beside none is a mistake. */
function pairSome(adapter: Adapter, base: TensorFile): BasePairing {
  const pairing = pairWithBase(adapter, base);
  const [first] = pairing.unpaired;
  if (pairing.pairs.size > 0 || first === undefined) return pairing;
  throw new LoraError(
    "MISSING",
    `the base has no weight for any of the ${adapter.modules.length} modules: ${first.reason}`,
    {
      file: base.name,
      module: first.module,
      nearest: first.nearest,
      advice: "give the base model this adapter was trained on",
    },
  );
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
