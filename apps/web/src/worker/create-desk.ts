import type { RunContext, WorkerPool } from "@lora/jobs";
import { webPool } from "@lora/jobs/web";
import { LoraError } from "@lora/tensor";
import packageJson from "../../package.json" with { type: "json" };
import { confinedWorker } from "./confined-worker.ts";
import type { Desk } from "./desk.ts";
import type { DeviceInfo } from "./device-info.ts";
import { type DeviceChoice, openDevice, type OpenedDevice } from "./open-device.ts";
import poolWorkerAddress from "@lora/jobs/web/worker?worker&url";

/** In the provenance of files: what the command line tool of the same release says. */
const TOOL = `lora ${packageJson.version}`;
/** Each worker of the pool takes some 60 MB. */
const MOST_THREADS = 8;
/** A base below this is measured before a GPU is ready. */
const LEAST_GPU_BYTES = 2 ** 28;
/** Files of at most this are worked through here before the workers of a pool have started. */
const MOST_ALONE_BYTES = 2 ** 20;

/** A desk with no files yet. The pool and the device are opened when they are first needed. */
export function createDesk(choice: DeviceChoice, onDevice: (info: DeviceInfo) => void): Desk {
  const threads = Math.max(1, Math.min(navigator.hardwareConcurrency, MOST_THREADS));
  let pool: WorkerPool | undefined;
  let opened: Promise<OpenedDevice> | undefined;
  const device = (): Promise<OpenedDevice> => {
    opened ??= openDevice(choice).then((found) => {
      if (found.backend !== undefined) void found.lost.then(drop);
      return found;
    });
    return opened;
  };
  const drop = (message: string): void => {
    const gone: OpenedDevice = { backend: undefined, reason: `The GPU went away: ${message}` };
    opened = Promise.resolve(gone);
    onDevice({ ...describe(gone, threads), lost: true });
  };
  return {
    files: new Map(),
    dialects: new Map(),
    spectra: new Map(),
    previewers: new Map(),
    device: async () => describe(await device(), threads),
    async run(context, { files, base }, job) {
      const bytes = [...files, ...(base ? [base] : [])].map(({ byteLength = Infinity }) => byteLength);
      if (Math.max(...bytes) > MOST_ALONE_BYTES)
        pool ??= webPool({ threads, worker: () => confinedWorker(poolWorkerAddress) });
      const onProcessor: RunContext = { ...context, pool, tool: TOOL };
      const isLarge = (base?.byteLength ?? 0) >= LEAST_GPU_BYTES;
      const found = isLarge || choice === "webgpu" ? await device() : undefined;
      if (base === undefined || found?.backend === undefined) return job(onProcessor);
      try {
        return await job({ ...onProcessor, backend: found.backend });
      } catch (error) {
        if (!(error instanceof LoraError) || error.code !== "DEVICE") throw error;
        drop(error.message);
        return job(onProcessor);
      }
    },
  };
}

function describe(device: OpenedDevice, threads: number): DeviceInfo {
  if (device.backend !== undefined)
    return { kind: "webgpu", name: `WebGPU, ${device.name}`, reason: undefined, lost: false };
  const name = `WASM, ${threads} ${threads === 1 ? "thread" : "threads"}`;
  return { kind: "wasm", name, reason: device.reason, lost: false };
}
