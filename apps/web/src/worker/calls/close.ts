import type { Call } from "../call.ts";
import { forgetPreviews } from "../forget-previews.ts";

/** Forgets a file. */
export const close: Call<string, void> = async (id, desk) => {
  desk.files.delete(id);
  desk.dialects.delete(id);
  forgetPreviews(desk, id);
};
