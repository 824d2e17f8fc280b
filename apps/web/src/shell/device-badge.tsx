import type { JSX } from "preact";
import { useAppState } from "../app/use-app.ts";

/** What calculates, once something has to be. */
export function DeviceBadge(): JSX.Element | null {
  const device = useAppState((state) => state.device);
  if (device === undefined) return null;
  return (
    <span class="badge" data-kind={device.kind} title={device.reason}>
      {device.name}
      {device.reason !== undefined && <span class="hidden-text">: {device.reason}</span>}
    </span>
  );
}
