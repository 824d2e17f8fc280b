import { expect, test } from "vitest";
import { healthOf } from "./health.ts";

test("a device that breaks off without saying why is a failure that stays", () => {
  const silent: Pick<GPUDevice, "lost"> = { lost: new Promise(() => undefined) };
  const health = healthOf(silent as GPUDevice);
  expect(health.check()).toBeUndefined();
  expect(health.failure(new Error("mapping was aborted"))).toMatchObject({
    code: "DEVICE",
    message: "the device gave no values back: mapping was aborted",
  });
  expect(health.check).toThrow("the device gave no values back: mapping was aborted");
});
