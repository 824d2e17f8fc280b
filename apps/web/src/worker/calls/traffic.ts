import type { Traffic } from "@lora/io";
import type { Call } from "../call.ts";

/** What was read of a file behind an address so far; undefined of a file of the disk, or one that is closed. */
export const traffic: Call<string, Traffic | undefined> = async (id, desk) => {
  const file = desk.files.get(id);
  return file !== undefined && "traffic" in file ? { ...(file.traffic as Traffic) } : undefined;
};
