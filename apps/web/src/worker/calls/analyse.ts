import { analyse as analyseJob, type AnalyseReport } from "@lora/jobs";
import type { Call } from "../call.ts";
import { fileOf } from "../desk.ts";

/** Measures an adapter, beside a base where one is given. */
export const analyse: Call<{ readonly file: string; readonly base: string | undefined }, AnalyseReport> = (
  { file, base },
  desk,
  context,
) => {
  const model = base === undefined ? undefined : fileOf(desk, base);
  return desk.run(context, model, (run) =>
    analyseJob(fileOf(desk, file), { base: model, dialect: desk.dialects.get(file), keepGoing: true }, run),
  );
};
