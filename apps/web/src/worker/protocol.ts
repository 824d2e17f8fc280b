import type { ErrorReport } from "@lora/jobs";
import type { Progress } from "@lora/tensor";
import type { DeviceInfo } from "./device-info.ts";
import type { DeviceChoice } from "./open-device.ts";

/** What the page says to its worker. A call has a number, by which everything about it is known. */
export type ToWorker =
  | { readonly kind: "begin"; readonly device: DeviceChoice }
  | { readonly kind: "call"; readonly id: number; readonly name: string; readonly input: unknown }
  | { readonly kind: "cancel"; readonly id: number };

/** What the worker says. Each call ends with one `done` or one `failed`. */
export type FromWorker =
  | { readonly kind: "device"; readonly info: DeviceInfo }
  | { readonly kind: "progress"; readonly id: number; readonly progress: Progress }
  | { readonly kind: "done"; readonly id: number; readonly output: unknown }
  | { readonly kind: "failed"; readonly id: number; readonly error: ErrorReport["error"] };
