import type { Desk } from "./desk.ts";

/** Forgets what was decomposed of a file, or against it. */
export function forgetPreviews({ previewers, spectra }: Desk, id: string): void {
  spectra.delete(id);
  for (const key of previewers.keys()) if (key.split(" ").includes(id)) previewers.delete(key);
}
