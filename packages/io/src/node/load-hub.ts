import { LoraError } from "@lora/tensor";
import type { HubLibrary } from "../remote/hub-library.ts";

/**
 * Loads the npm package `@huggingface/hub`.
 *
 * @param load imports it
 * @throws LoraError MISSING when it is not installed
 */
export async function loadHub(
  load: () => Promise<HubLibrary> = () => import("@huggingface/hub"),
): Promise<HubLibrary> {
  try {
    return await load();
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
    if (code !== "ERR_MODULE_NOT_FOUND") throw cause;
    throw new LoraError("MISSING", "the npm package @huggingface/hub is not installed", {
      advice:
        "npm install @huggingface/hub, beside this package (globally, with --global, where this one is)",
      cause,
    });
  }
}
