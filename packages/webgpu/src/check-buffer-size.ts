import { LoraError } from "@lora/tensor";

/**
 * Refuses what no buffer of a device can hold.
 *
 * @throws LoraError UNSUPPORTED with both sizes
 */
export function checkBufferSize(bytes: number, most: number): void {
  if (bytes <= most) return;
  throw new LoraError(
    "UNSUPPORTED",
    `a tensor of ${bytes} bytes is larger than the largest buffer of this device, ${most} bytes`,
    {
      bytes,
      maxBufferSize: most,
      advice: "open the device with the limits of its adapter (`deviceRequest`), or work by blocks of rows",
    },
  );
}
