import {
  type Adapter,
  type ConversionPlan,
  convertedFile,
  isWhole,
  kindById,
  planConversion,
  type PlannedModule,
  readAdapter,
} from "@lora/peft";
import { type DType, locate, LoraError, type TensorFile, tensorFile } from "@lora/tensor";
import { eachModule } from "../each-module.ts";
import { inlinePool } from "../pool/inline-pool.ts";
import type { RunContext } from "../pool/run-context.ts";
import { originOf, provenance } from "../provenance/provenance.ts";
import { type FactorDType, storedDType } from "../resize/stored-dtype.ts";
import { checkConversion } from "./check-conversion.ts";
import { carriesExtras, type Conversion, type ConvertOptions, extrasOf, updateSource } from "./conversion.ts";
import { convertModule } from "./convert-module.ts";
import type { ConvertReport } from "./convert-report.ts";
import { type ConvertedOne, MadeFactors } from "./made-factors.ts";
import { plannedBytes } from "./planned-bytes.ts";
import { postedSlots } from "./posted-slots.ts";
import { sendUpdates } from "./posted-update.ts";
import { readMagnitudes } from "./read-magnitudes.ts";
import { wantedScale } from "./wanted-scales.ts";

/** An adapter in another dialect. */
export interface ConvertOutput {
  readonly file: TensorFile;
  readonly container: "safetensors" | "gguf";
  /** What readers expect it to be called in a folder; undefined: as the format has it. */
  readonly fileName: string | undefined;
  /**
   * Rebuilds every update from the file as it was written and compares it with what it was made of.
   *
   * @param again the written file, opened
   * @throws LoraError as `readAdapter` does, when the new file is not what it should be
   */
  verify(
    again: TensorFile,
    written: { readonly path: string; readonly bytes: number },
    context?: RunContext,
  ): Promise<ConvertReport>;
}

/**
 * An adapter in the names, the layout and with the scales of another dialect. Exact but for the rounding of the stored type
 * wherever the update is a product of low rank; kinds that are none become the pair of their true rank, or of the rank or error
 * that is asked for. Kinds that multiply the weight get it from the base; DoRA's magnitudes stay where they have a place. Factors stay as they are, to the bit, where the new dialect has a place for their scale.
 *
 * Ranks are in the header, so that every module is converted before the first is written. Up to 256 MB of values are held until then;
 * beyond, modules are converted once more as they are pulled, so that the pool of `context` stays open until the output is written.
 *
 * @throws LoraError as `readAdapter` and `planConversion` do; USAGE when rank or error are out of range, or a whole update
 *   comes with neither; NUMERIC when a value does not fit the stored type
 */
export async function convert(
  file: TensorFile,
  options: ConvertOptions,
  context: RunContext = {},
): Promise<ConvertOutput> {
  demandRange(options);
  const adapter = await readAdapter(file, { dialect: options.from, signal: context.signal });
  const plan = planConversion(adapter, options);
  demandRule(plan, options);
  const bytes = (planned: PlannedModule): number => plannedBytes(planned, plan);
  const counted = { phase: "converting", bytes, context };
  const source = { adapter, plan, options, context };
  const made = new MadeFactors();
  const converted = await eachModule(plan.modules, counted, async (planned, pool) =>
    made.kept(await convertOne(planned, { ...source, pool })),
  );
  const pool = context.pool ?? inlinePool(context.engine);
  const again = (planned: PlannedModule): Promise<ConvertedOne> => convertOne(planned, { ...source, pool });
  const isPadded = plan.writer.oneRank || options.padRank === true;
  const written = made.written(converted, { again, isPadded, lanes: 2 * pool.size });
  const newFile = await withProvenance(convertedFile(plan, written, adapter.file), {
    plan,
    file,
    options,
    context,
  });
  const conversion: Conversion = { adapter, plan, written, options };
  return {
    file: carriesExtras(conversion) ? withExtras(newFile, adapter) : newFile,
    container: plan.writer.container,
    fileName: plan.writer.fileName,
    verify: (opened, place, own = context) =>
      checkConversion(conversion, { again: opened, place, context: own }),
  };
}

interface Made extends Pick<Conversion, "plan" | "options"> {
  /** That was converted. */
  readonly file: TensorFile;
  readonly context: RunContext;
}

/** With what the file was made from. GGUF has the metadata that llama.cpp documents, and no others. */
async function withProvenance(made: TensorFile, { plan, file, options, context }: Made): Promise<TensorFile> {
  if (plan.writer.container === "gguf") return made;
  const { base, ...asked } = options;
  const models = base === undefined ? [] : [base];
  const origin = await originOf({ adapters: [{ file }], models }, context);
  return { ...made, metadata: new Map([...made.metadata, provenance(origin, "convert", asked)]) };
}

function withExtras(file: TensorFile, adapter: Adapter): TensorFile {
  const beside = extrasOf(adapter).map(({ name, tensor }) => [name, tensor] as const);
  return tensorFile({ ...file, tensors: [...file.tensors, ...beside] });
}

interface Work extends Omit<Conversion, "written"> {
  readonly context: RunContext;
  readonly pool: Parameters<Parameters<typeof eachModule>[2]>[1];
}

async function convertOne(planned: PlannedModule, work: Work): Promise<ConvertedOne> {
  const { adapter, plan, options, pool } = work;
  const { signal } = work.context;
  const { modules, slots } = postedSlots(planned);
  const dtype = outputType(planned, options.dtype);
  const made = await locate({ module: planned.module }, () =>
    pool.run(convertModule, {
      bytes: 2 * plannedBytes(planned, plan),
      signal,
      input: async () => ({
        modules: await sendUpdates(modules, updateSource(work), { pool, signal }),
        slots,
        out: planned.shape[0]!,
        keep: { rank: options.rank, error: options.error },
        scale: wantedScale(plan, options.padRank === true),
        dtype,
      }),
    }),
  );
  const magnitudes = await readMagnitudes(planned, { file: adapter.file.name, signal });
  return { ...made, planned, dtype, magnitudes };
}

/** Modules that are put together are stored in the type that they have in common, else in f32. */
function outputType({ slots }: PlannedModule, asked: FactorDType | undefined): DType {
  const types = new Set(slots.map(({ module }) => storedDType(module, asked)));
  const [only] = types;
  return types.size === 1 ? only! : "f32";
}

function demandRange({ rank, error, tolerance }: ConvertOptions): void {
  const broken =
    rank !== undefined && !(Number.isInteger(rank) && rank > 0)
      ? `the rank is a whole number above 0, not ${rank}`
      : error !== undefined && !(error > 0 && error < 1)
        ? `the error is a share above 0 and below 1, not ${error}`
        : tolerance !== undefined && !(tolerance >= 0)
          ? `the largest error that passes is a number of 0 or more, not ${tolerance}`
          : undefined;
  if (broken !== undefined) throw new LoraError("USAGE", broken);
}

/** A whole update has as many pairs as its shape allows: which of them stay is the user's choice. */
function demandRule({ modules }: ConversionPlan, { rank, error }: ConvertOptions): void {
  if (rank !== undefined || error !== undefined) return;
  const whole = modules.flatMap(({ slots }) => slots).find(({ module }) => isWhole(module))?.module;
  if (whole === undefined) return;
  const what = whole.magnitude === undefined ? kindById(whole.kind).title : "DoRA";
  throw new LoraError("USAGE", `what is changed by ${what} is no product of low rank`, {
    module: whole.name,
    advice: "say what may be left out with --rank or --error",
  });
}
