import { type Backend, LoraError } from "@lora/tensor";
import type { DeviceChoice } from "./flags/device-option.ts";

/** A backend, and what gives its device back. */
export interface OpenDevice {
  readonly backend: Backend;
  close(): Promise<void>;
}

/** A base below this is measured before a GPU is ready. */
const LEAST_BYTES = 2 ** 28;

/**
 * Opens what `--device` names: nothing for `cpu`, and for `auto` where the base is small or there is no GPU.
 *
 * @param bytes of the base that is to be measured; 0 where none is
 * @throws LoraError MISSING or DEVICE, as `openDawn` does, when a device is asked for by name and is not to be had
 */
export async function openDevice(choice: DeviceChoice, bytes: number): Promise<OpenDevice | undefined> {
  if (choice === "cpu" || bytes === 0 || (choice === "auto" && bytes < LEAST_BYTES)) return undefined;
  const [{ webgpuBackend }, { openDawn }] = await Promise.all([
    import("@lora/webgpu"),
    import("@lora/webgpu/node"),
  ]);
  try {
    const device = await openDawn({
      allowFallback: choice === "webgpu-software",
      load: () => import("webgpu"), // what is installed beside this command
    });
    const backend = webgpuBackend(device);
    return {
      backend,
      async close() {
        backend.dispose();
        device.destroy();
      },
    };
  } catch (error) {
    if (!(error instanceof LoraError)) throw error;
    if (choice === "auto") return undefined;
    const { code, message, facts } = error;
    const advice = `${error.advice ?? "check the GPU and its driver"}; --device cpu calculates without`;
    throw new LoraError(code, `--device ${choice}: ${message}`, { ...facts, advice, cause: error });
  }
}
