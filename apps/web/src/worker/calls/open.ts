import { inspect, type InspectReport } from "@lora/jobs";
import { LoraError } from "@lora/tensor";
import type { Failure } from "../../store/app-state.ts";
import type { Call } from "../call.ts";
import { type Checkpoint, openCheckpoint } from "../open-checkpoint.ts";
import { keepScalars } from "../keep-scalars.ts";
import { plainFailure } from "../plain-failure.ts";

/** What opening a file tells: it is an adapter, or something else with tensors in it. Of an adapter, what its header says. */
export type Opened = { readonly bytes: number; readonly milliseconds: number } & (
  | { readonly kind: "adapter"; readonly inspect: InspectReport }
  | { readonly kind: "model"; readonly tensors: number; readonly why: Failure }
);

/** What to open. */
export interface OpenRequest {
  readonly id: string;
  /** What reports call it, if it is of the disk: `adapter_model.safetensors` says less than its folder. */
  readonly name: string;
  readonly checkpoint: Checkpoint;
}

/** Opens a checkpoint and reads its header; what is no adapter can still be the base of one. */
export const open: Call<OpenRequest, Opened> = async ({ id, name, checkpoint }, desk, context) => {
  const began = performance.now();
  const opened = await openCheckpoint(checkpoint, context.signal);
  const file = keepScalars(checkpoint.kind === "files" ? { ...opened, name } : opened);
  desk.files.set(id, file);
  const bytes = file.byteLength ?? 0;
  try {
    const report = await inspect(file, { headerOnly: true }, context);
    return { kind: "adapter", inspect: report, bytes, milliseconds: performance.now() - began };
  } catch (error) {
    if (!(error instanceof LoraError) || error.code !== "UNSUPPORTED") {
      desk.files.delete(id);
      throw error;
    }
    const why = plainFailure(error);
    return { kind: "model", tensors: file.tensors.size, why, bytes, milliseconds: performance.now() - began };
  }
};
