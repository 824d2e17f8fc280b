/** The small text files that belong to a checkpoint, where its folder holds them. */
export const SIDECARS: readonly string[] = ["adapter_config.json", "config.json"];

export const MAX_SIDECAR_BYTES: number = 10 * 2 ** 20;

/** Ten times what the indexes of the largest open models take. */
export const MAX_INDEX_BYTES: number = 100 * 2 ** 20;

/** Whether a text is a JSON object, as all sidecars are. */
export function isSidecar(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
