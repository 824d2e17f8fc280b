import { execFile } from "node:child_process";
import { join } from "node:path";
import { execPath } from "node:process";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { dawnDevice } from "./dawn.test-helper.ts";

const device = await dawnDevice();

/** Uses a device long after everything else that made it was collected, then the same when it is lost. */
const SCRIPT = `
  const { openDawn } = await import(${JSON.stringify(join(import.meta.dirname, "index.ts"))});
  const collect = async () => {
    for (let i = 0; i < 10; i++) { gc(); await new Promise((resolve) => setTimeout(resolve, 2)); }
  };
  const device = await openDawn({ allowFallback: true });
  await collect();
  device.createBuffer({ size: 256, usage: 128 });
  device.destroy();
  await device.lost;
  await collect();
  console.log(device.limits.maxBufferSize > 0 ? "alive" : "");
`;

describe.skipIf(device === undefined)("a device of Dawn", () => {
  test("outlives what the caller does not hold", async () => {
    device!.destroy();
    const flags = ["--expose-gc", "--conditions=@lora/source", "--input-type=module", "--eval", SCRIPT];
    const { stdout } = await promisify(execFile)(execPath, flags);
    expect(stdout).toBe("alive\n");
  });
});
