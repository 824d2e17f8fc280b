import { LoraError } from "@lora/tensor";

/** The first version of V8 that joins vectors: that of Node 24. */
const FIRST_VERSION = 13;

/**
 * What V8 is told: to join vectors, and to optimise a function as soon as it was called, before it goes on. It is not told to
 * leave its quick compiler out, since Node 26 ends when that is said to a process that runs.
 */
const FLAGS = ["--experimental-wasm-revectorize", "--wasm-sync-tier-up", "--wasm-tiering-budget=1"];

/**
 * Lets V8 join pairs of vectors of 128 bits into one of 256, in all threads of this process that compile kernels from
 * now on. The pass is experimental: an engine tests its kernels before it is used, those that were optimised, too.
 *
 * @throws LoraError UNSUPPORTED when this version of V8 cannot
 */
export async function useWideVectors(version: string = process.versions.v8): Promise<void> {
  if (Number.parseInt(version, 10) < FIRST_VERSION) {
    throw new LoraError(
      "UNSUPPORTED",
      `--wide-vectors needs V8 ${FIRST_VERSION} or later, and this is ${version}`,
      {
        version,
        advice: "run it with Node 24 or later, or leave --wide-vectors out",
      },
    );
  }
  // Loaded by those alone who ask for it.
  const { setFlagsFromString } = await import("node:v8");
  for (const flag of FLAGS) setFlagsFromString(flag);
}
