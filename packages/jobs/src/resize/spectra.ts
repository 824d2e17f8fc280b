import type { ProductBasis } from "@lora/linalg";
import {
  type Adapter,
  type AdapterModule,
  type BaseNeed,
  type BaseReference,
  type ModuleSpectrum,
  pairWithBase,
  type PairedWeight,
} from "@lora/peft";
import { locate, LoraError, type TensorFile } from "@lora/tensor";
import { decomposeOnDevice } from "../device/decompose-on-device.ts";
import type { DeviceWork } from "../device/device-work.ts";
import { eachModule } from "../each-module.ts";
import type { RunContext } from "../pool/run-context.ts";
import type { WorkerPool } from "../pool/worker-pool.ts";
import { moduleBytes, placeWeight, postWeight, sendModule, weightBytes } from "../posted.ts";
import { decompose, type Decomposed, type Measured } from "./decompose.ts";
import type { Decision, EarlyWriter } from "./early-writer.ts";
import { type KnownNorms, normKey, remembered, unknownNeeds } from "./known-norms.ts";
import { ruleSpectrum } from "./rule-spectrum.ts";
import type { EarlyFactors } from "./write-kept.ts";

/** Where the spectra of an adapter come from. */
export interface SpectrumSource {
  readonly adapter: Adapter;
  readonly base: TensorFile | undefined;
  readonly seed: number;
  /** Where base weights are measured; left out, where the modules are. */
  readonly device?: DeviceWork | undefined;
  /** Norms of the base that need not be found again. */
  readonly norms?: KnownNorms | undefined;
  /** The modules whose spectra go to the findings; all when left out. */
  readonly kept?: ReadonlySet<string> | undefined;
  /** What decides at once what is written; left out where a rule looks across modules. */
  readonly early?: EarlyWriter | undefined;
  /** Whether it is likely to cut far enough up for values that are not exact. */
  readonly inRuns?: Promise<boolean> | undefined;
}

/** Maps that make singular vectors are kept as long as all together take no more. */
const MOST_KEPT_BYTES = 256 * 2 ** 20;

/** A module's spectrum as a rule sees it, and where they were kept, what it is written with or its factors. */
export interface MeasuredSpectrum {
  readonly rule: ModuleSpectrum;
  /** Whether by Gram matrices summed in runs. */
  readonly inRuns: boolean;
  readonly whole: ProductBasis | undefined;
  readonly written: EarlyFactors | undefined;
}

/**
 * The spectra of all modules, in their order, with the facts of the base weights that are needed. One module
 * and its base weight are in memory at a time, with a pool two for each worker; the maps of a spectrum are kept while
 * there is room for those of all modules.
 *
 * @throws LoraError USAGE when facts of a base are needed and there is none; MISSING when the base lacks a module
 */
export async function measureSpectra(
  source: SpectrumSource,
  needs: ReadonlySet<BaseNeed>,
  context: RunContext,
): Promise<MeasuredSpectrum[]> {
  const { modules } = source.adapter;
  const keep = modules.reduce((bytes, { rank }) => bytes + 2 * 8 * rank * rank, 0) <= MOST_KEPT_BYTES;
  const pairs = needs.size > 0 ? pairEveryModule(source, needs) : undefined;
  const found = context.findings?.of<SpectrumFinding>("spectrum");
  const readBytes = (module: AdapterModule): number =>
    moduleBytes(module) + pairBytes(pairs?.get(module.name));
  return eachModule(modules, { phase: "decomposing", bytes: readBytes, context }, async (module, pool) => {
    const known = found?.get(module.name);
    if (known !== undefined) {
      const rule = ruleSpectrum(module, known.s, known.base);
      return { rule, inRuns: known.inRuns ?? false, whole: undefined, written: undefined };
    }
    const pair = pairs?.get(module.name);
    const unknown = pair ? unknownNeeds([...needs], source.norms?.get(normKey(pair))) : [];
    const wanted = { module, pair: unknown.length > 0 ? pair : undefined, needs: unknown };
    const seen = ({ s, base }: Measured): ModuleSpectrum =>
      ruleSpectrum(module, s, pair && remembered(pair, base, source.norms));
    const decide = (measured: Measured): Decision => source.early!.decide(module, seen(measured));
    const { basis, inRuns, written, ...measured } = await decomposed(
      source,
      { ...wanted, decide },
      { ...context, pool },
    );
    const rule = seen(measured);
    if (source.kept?.has(module.name) !== false)
      found?.set(module.name, { s: rule.s, base: rule.base, inRuns });
    return { rule, inRuns, whole: keep ? basis : undefined, written };
  });
}

/** What another run found of a module, as a finding of the kind `spectrum`. */
export interface SpectrumFinding {
  readonly s: Float64Array;
  readonly base: BaseReference | undefined;
  /** Whether by Gram matrices summed in runs. */
  readonly inRuns?: boolean | undefined;
}

function pairBytes(pair: PairedWeight | undefined): number {
  return pair === undefined ? 0 : weightBytes(pair);
}

interface Wanted {
  readonly module: AdapterModule;
  readonly pair: PairedWeight | undefined;
  readonly needs: readonly BaseNeed[];
  /** What is kept and written of it, once its spectrum is known. */
  decide(measured: Measured): Decision;
}

function decomposed(
  { adapter, base, seed, device, early, inRuns }: SpectrumSource,
  { module, pair, needs, decide }: Wanted,
  { pool, signal }: RunContext & { readonly pool: WorkerPool },
): Promise<Decomposed> {
  const file = adapter.file.name;
  return locate({ file, module: module.name }, async () => {
    const place = pair && { pair, file: base!.name };
    const found =
      place &&
      device &&
      (await decomposeOnDevice({ module, file, base: place, needs, seed, device, pool, signal }));
    if (found !== undefined) return found;
    return pool.run(decompose, {
      bytes: moduleBytes(module) + (pair === undefined ? 0 : weightBytes(pair)),
      signal,
      input: async () => ({
        module: await sendModule({ module, file }, { pool, signal }),
        weight: place && (placeWeight(place, pool) ?? (await postWeight(place, signal))),
        needs,
        seed,
        asks: early !== undefined,
        inRuns: (await inRuns) === true,
      }),
      answer: early && decide,
    });
  });
}

function pairEveryModule(
  source: SpectrumSource,
  needs: ReadonlySet<BaseNeed>,
): ReadonlyMap<string, PairedWeight> {
  if (source.base === undefined) {
    throw new LoraError(
      "USAGE",
      `this rule reads the base model (${[...needs].join(", ")}), and none was given`,
      {
        file: source.adapter.file.name,
        advice:
          "name the base with --base, or choose a rule that needs none, e.g. --energy 0.95 or --recipe spn_lora=1,thr=-1",
      },
    );
  }
  const pairing = pairWithBase(source.adapter, source.base);
  const [first] = pairing.unpaired;
  if (first === undefined) return pairing.pairs;
  throw new LoraError(
    "MISSING",
    `the base has no weight for ${pairing.unpaired.length} of ${source.adapter.modules.length} modules: ${first.reason}`,
    {
      file: source.base.name,
      module: first.module,
      nearest: first.nearest,
      advice: "give the base model this adapter was trained on, with all its parts (text encoders too)",
    },
  );
}
