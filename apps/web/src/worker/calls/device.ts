import type { Call } from "../call.ts";
import type { DeviceInfo } from "../device-info.ts";

/** What calculates. */
export const device: Call<undefined, DeviceInfo> = (_, desk) => desk.device();
