import type { Engine } from "./engine.ts";
import { referenceEngine } from "./reference-engine.ts";
import { accepts } from "./wasm/kernels/instantiate.ts";
import type { KernelName } from "./wasm/kernels/kernel-functions.ts";
import { KERNELS } from "./wasm/kernels/kernel-functions.ts";
import { wasmEngine } from "./wasm/wasm-engine.ts";

/** The reference and a WASM engine of every kernel that this Node accepts, by id. */
export const engines: readonly (readonly [id: string, engine: Engine])[] = [
  referenceEngine,
  ...(Object.keys(KERNELS) as KernelName[]).filter(accepts).map((kernel) => wasmEngine({ kernel })),
].map((engine) => [engine.id, engine]);
