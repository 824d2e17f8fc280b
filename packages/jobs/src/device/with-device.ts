import type { ResizeOutput } from "../resize/resized-file.ts";
import type { DeviceWork } from "./device-work.ts";

/** The same outputs, with reports that say what a device did. */
export function withDevice(
  outputs: readonly ResizeOutput[],
  device: DeviceWork | undefined,
): readonly ResizeOutput[] {
  if (device === undefined) return outputs;
  return outputs.map((output) => ({
    ...output,
    report: (written) => ({ ...output.report(written), device: device.summary() }),
  }));
}
