import { inspect, type InspectReport } from "@lora/jobs";
import type { Call } from "../call.ts";
import { fileOf } from "../desk.ts";
import { forgetPreviews } from "../forget-previews.ts";

/** A file, and the dialect to read it in; undefined for the one it is detected as. */
export interface ReadAsRequest {
  readonly id: string;
  readonly dialect: string | undefined;
}

/** Reads a file in another dialect; where that works, all that is asked of it later does too. */
export const readAs: Call<ReadAsRequest, InspectReport> = async ({ id, dialect }, desk, context) => {
  const report = await inspect(fileOf(desk, id), { dialect }, context);
  if (dialect === undefined) desk.dialects.delete(id);
  else desk.dialects.set(id, dialect);
  forgetPreviews(desk, id);
  return report;
};
