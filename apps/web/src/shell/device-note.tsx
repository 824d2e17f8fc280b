import type { JSX } from "preact";
import { useAppState } from "../app/use-app.ts";

/** Says that the GPU went away, and that nothing else did. */
export function DeviceNote(): JSX.Element | null {
  const device = useAppState((state) => state.device);
  if (device?.lost !== true) return null;
  return (
    <p class="device-note small" role="status">
      {device.reason}. What ran on it was begun again on {device.name}.
    </p>
  );
}
