import type { Call } from "../call.ts";

/** Forgets a file. */
export const close: Call<string, void> = async (id, desk) => {
  desk.files.delete(id);
  for (const key of desk.previewers.keys()) if (key.split(" ").includes(id)) desk.previewers.delete(key);
};
