import {
  adapterSpectra,
  type FactorDType,
  type Preview,
  Previewer,
  type ResizeFlags,
  resizeTasks,
} from "@lora/jobs";
import type { Call } from "../call.ts";
import { type Desk, fileOf } from "../desk.ts";
import type { JobContext } from "@lora/tensor";

/** What would become of a file. */
export interface PreviewQuestion {
  readonly file: string;
  /** Read only where the rule asks for facts of it. */
  readonly base: string | undefined;
  readonly flags: ResizeFlags;
  readonly dtype: FactorDType | undefined;
}

/**
 * Says what a resize would make. The first question about a file decomposes it, where its analysis has not; after that,
 * answers are at once.
 */
export const preview: Call<PreviewQuestion, Preview> = async (
  { file, base, flags, dtype },
  desk,
  context,
) => {
  const [task] = resizeTasks(flags);
  const against = task!.choice.needs.length > 0 ? base : undefined;
  const previewer = await previewerOf(desk, { file, base: against }, context);
  return previewer.preview({ task: task!, dtype });
};

interface Place {
  readonly file: string;
  readonly base: string | undefined;
}

function previewerOf(desk: Desk, { file, base }: Place, context: JobContext): Promise<Previewer> {
  const key = `${file} ${base ?? ""}`;
  const known = desk.previewers.get(key);
  if (known !== undefined) return known;
  const adapter = fileOf(desk, file);
  const model = base === undefined ? undefined : fileOf(desk, base);
  const dialect = desk.dialects.get(file);
  const findings = model === undefined ? desk.spectra.get(file) : undefined;
  const made = desk.run(context, { files: [adapter], base: model }, async (run) => {
    return new Previewer(await adapterSpectra(adapter, { base: model, dialect }, { ...run, findings }));
  });
  desk.previewers.set(key, made);
  // What failed or was cancelled may be asked again.
  made.catch(() => desk.previewers.delete(key));
  return made;
}
