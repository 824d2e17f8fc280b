import { LoraError } from "@lora/tensor";

/** What the npm package `webgpu` offers. */
export interface Dawn {
  create(options: string[]): GPU;
}

/**
 * Loads Dawn from the npm package `webgpu`.
 *
 * @param load imports the package
 * @throws LoraError MISSING when it is not installed; DEVICE when its library does not load
 */
export async function loadDawn(load: () => Promise<Dawn> = () => import("webgpu")): Promise<Dawn> {
  try {
    return await load();
  } catch (cause) {
    throw refusal(cause);
  }
}

function refusal(cause: unknown): LoraError {
  const message = cause instanceof Error ? cause.message : String(cause);
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  if (code === "ERR_MODULE_NOT_FOUND" && /'webgpu'/.test(message)) {
    return new LoraError("MISSING", "the npm package webgpu is not installed", {
      advice: "npm install webgpu (132 MB: Dawn for Linux, macOS and Windows)",
      cause,
    });
  }
  const library = /GLIBC(?:XX)?_[\d.]+/.exec(message)?.[0];
  if (library !== undefined) {
    return new LoraError("DEVICE", `Dawn needs ${library}, which this system does not have`, {
      advice: "use a newer system (Debian 12, Ubuntu 22.04), or an older webgpu: npm install webgpu@0.4",
      cause,
    });
  }
  return new LoraError("DEVICE", `Dawn does not load: ${message}`, {
    advice: "check that the npm package webgpu has a build for this system",
    cause,
  });
}
