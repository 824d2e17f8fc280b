import { inspect as inspectJob, type InspectReport } from "@lora/jobs";
import type { Call } from "../call.ts";
import { fileOf } from "../desk.ts";

/** What the header and the alphas of an adapter say. Alphas are read one by one, from all over the file. */
export const inspect: Call<string, InspectReport> = async (id, desk, context) => {
  try {
    return await inspectJob(fileOf(desk, id), {}, context);
  } catch (error) {
    desk.files.delete(id);
    throw error;
  }
};
