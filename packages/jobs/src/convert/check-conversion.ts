import { type AdapterModule, readAdapter } from "@lora/peft";
import { type DType, locate, LoraError, type TensorFile } from "@lora/tensor";
import { norm } from "../arithmetic.ts";
import { eachModule } from "../each-module.ts";
import { moduleBytes, sendModule } from "../posted.ts";
import { checkModule } from "./check-module.ts";
import { type Conversion, type ReadBack, updateSource, type WrittenConversion } from "./conversion.ts";
import type { ConvertReport } from "./convert-report.ts";
import { plannedBytes } from "./planned-bytes.ts";
import { sendUpdates } from "./posted-update.ts";
import { finiteMagnitudes } from "./read-magnitudes.ts";
import { postedSlots } from "./posted-slots.ts";
import { conversionReport } from "./report.ts";

/** Unit roundoff of the stored types; both factors are rounded, and a little is left for the sums. */
const UNIT_ROUNDOFF: Partial<Record<DType, number>> = {
  f64: 2 ** -53,
  f32: 2 ** -24,
  f16: 2 ** -11,
  bf16: 2 ** -8,
};

/** Compares every module of the new file with the updates it was made of, and reports what was done and how it came out. */
export async function checkConversion(
  conversion: Conversion,
  { again, place, context }: ReadBack,
): Promise<ConvertReport> {
  const { plan, written, options } = conversion;
  const { signal } = context;
  const read = await readAdapter(again, { dialect: plan.writer.id, signal });
  const byName = new Map(read.modules.map((module) => [module.name, module]));
  const source = updateSource(conversion);
  const bytes = ({ planned }: WrittenConversion): number => plannedBytes(planned, plan);
  const checked = await eachModule(written, { phase: "verifying", bytes, context }, (one, pool) => {
    const { planned } = one;
    const { modules, slots } = postedSlots(planned);
    const module = demandModule(byName, planned.module, again);
    const pair = { ...module, magnitude: undefined };
    return locate({ module: planned.module }, async () => {
      const norms = await pool.run(checkModule, {
        bytes: 2 * (bytes(one) + moduleBytes(module)),
        signal,
        input: async () => ({
          modules: await sendUpdates(modules, source, { pool, signal }),
          slots,
          out: planned.shape[0]!,
          written: {
            module: await sendModule({ module: pair, file: again.name }, { pool, signal }),
            weight: undefined,
          },
        }),
      });
      return { ...norms, magnitudes: await magnitudeError(one, module, { file: again.name, signal }) };
    });
  });
  const tolerance = options.tolerance ?? roundingTolerance(written.map(({ dtype }) => dtype));
  return conversionReport(conversion, { checked, tolerance, place });
}

/** ‖m − m′‖ / ‖m‖ of magnitudes that were carried over; 0 where there are none. */
async function magnitudeError(
  { magnitudes: meant }: WrittenConversion,
  { magnitude }: AdapterModule,
  { file, signal }: { readonly file: string; readonly signal: AbortSignal | undefined },
): Promise<number> {
  if (meant === undefined) return 0;
  if (magnitude === undefined) return 1;
  const stored = await finiteMagnitudes(magnitude, file, signal);
  const difference = meant.values.map((value, index) => value - (stored[index] ?? 0));
  return norm(difference) === 0 ? 0 : norm(difference) / norm(meant.values);
}

function demandModule(
  modules: ReadonlyMap<string, AdapterModule>,
  name: string,
  file: TensorFile,
): AdapterModule {
  const module = modules.get(name);
  if (module !== undefined) return module;
  throw new LoraError("VERIFICATION", `the module ${name} was written, and is not in the file`, {
    file: file.name,
    modules: modules.size,
  });
}

function roundingTolerance(dtypes: readonly DType[]): number {
  return 4 * dtypes.reduce((most, dtype) => Math.max(most, UNIT_ROUNDOFF[dtype] ?? 2 ** -4), 2 ** -24);
}
