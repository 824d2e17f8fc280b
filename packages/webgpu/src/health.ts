import { LoraError } from "@lora/tensor";

/** Whether a device can still be trusted. */
export interface Health {
  /** @throws LoraError DEVICE when the device is lost or refused something */
  check(): void;
  /** Runs `work`, whose errors on the device are the backend's failure from then on. */
  watch<T>(filter: GPUErrorFilter, work: () => T, explain?: () => Promise<string | undefined>): T;
  /** Waits until it is known whether all that was watched went well, then checks. */
  settle(): Promise<void>;
  /** What to throw where the device broke off. */
  failure(cause: unknown): LoraError;
}

const ADVICE = "open a new device and a new backend on it; what was on this one is gone";

/**
 * Follows the failures of a device. The first is kept: what was calculated after it cannot be trusted, so that every
 * call of the backend throws it.
 */
export function healthOf(device: GPUDevice): Health {
  let known = Promise.resolve(); // whether all so far went well
  let failed: LoraError | undefined;
  const fail = (rule: string, cause: unknown): LoraError =>
    (failed ??= new LoraError("DEVICE", rule, { advice: ADVICE, cause }));
  void device.lost.then((info) => fail(`the device was lost (${info.reason}): ${info.message}`, info));
  const check = (): void => {
    if (failed !== undefined) throw failed;
  };
  return {
    check,
    watch(filter, work, explain) {
      device.pushErrorScope(filter);
      const result = work();
      // A lost device answers no more, and says so itself.
      const popped = device.popErrorScope().catch(() => null);
      // One after the other, so that an explanation is not overtaken by what the same error brings about.
      known = known.then(async () => {
        const error = await popped;
        if (error !== null) fail(`the device refused: ${(await explain?.()) ?? error.message}`, error);
      });
      return result;
    },
    async settle() {
      await known;
      check();
    },
    failure: (cause) =>
      fail(
        `the device gave no values back: ${cause instanceof Error ? cause.message : String(cause)}`,
        cause,
      ),
  };
}
