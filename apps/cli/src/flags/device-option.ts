import { Option } from "commander";

/** What `--device` may name. */
export const DEVICES = ["auto", "cpu", "webgpu", "webgpu-software"] as const;

/** Where base weights are measured. A driver that calculates on the processor is for tests, and taken by name only. */
export type DeviceChoice = (typeof DEVICES)[number];

/** The option of the commands that read whole base weights. */
export function deviceOption(): Option {
  return new Option(
    "--device <name>",
    "what measures the weights of the base: a GPU, where it pays, or the processor",
  )
    .choices(DEVICES)
    .default("auto");
}
