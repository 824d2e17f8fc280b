import { analyse as analyseJob, type AnalyseReport, knownSpectra } from "@lora/jobs";
import type { Call } from "../call.ts";
import { fileOf } from "../desk.ts";

/** Measures an adapter, beside a base where one is given. */
export const analyse: Call<
  { readonly file: string; readonly base: string | undefined },
  AnalyseReport
> = async ({ file: id, base: baseId }, desk, context) => {
  const file = fileOf(desk, id);
  const base = baseId === undefined ? undefined : fileOf(desk, baseId);
  const dialect = desk.dialects.get(id);
  const report = await desk.run(context, { files: [file], base }, (run) =>
    analyseJob(file, { base, dialect, keepGoing: true }, run),
  );
  // A preview begins with the same decompositions.
  if (base === undefined && desk.dialects.get(id) === dialect) desk.spectra.set(id, knownSpectra(report));
  return report;
};
