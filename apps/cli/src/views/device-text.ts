import type { DeviceSummary } from "@lora/jobs";
import { counted } from "../terminal/number-format.ts";
import { printable } from "../terminal/printable.ts";

/** What a device did, and what it left to the processor. */
export function deviceText(device: DeviceSummary | undefined): string | undefined {
  return device && `${printable(device.name)}: ${counted(device.weights, "base weight")}`;
}
