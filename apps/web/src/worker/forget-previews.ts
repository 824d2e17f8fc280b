import type { Desk } from "./desk.ts";

/** Forgets what was decomposed of a file, or against it. */
export function forgetPreviews({ previewers }: Desk, id: string): void {
  for (const key of previewers.keys()) if (key.split(" ").includes(id)) previewers.delete(key);
}
