import { describe, expect, test } from "vitest";
import { dawnDevice } from "./dawn.test-helper.ts";
import { loadDawn } from "./load-dawn.ts";
import { openDawn } from "./open-dawn.ts";

const device = await dawnDevice();

function failing(message: string, code?: string) {
  return () => Promise.reject(Object.assign(new Error(message), code === undefined ? {} : { code }));
}

describe("Dawn that does not load", () => {
  test.each([
    [
      failing("Cannot find package 'webgpu' imported from /here", "ERR_MODULE_NOT_FOUND"),
      { code: "MISSING", message: "the npm package webgpu is not installed" },
    ],
    [
      failing("/lib/libstdc++.so.6: version `GLIBCXX_3.4.32' not found", "ERR_DLOPEN_FAILED"),
      { code: "DEVICE", message: "Dawn needs GLIBCXX_3.4.32, which this system does not have" },
    ],
    [
      failing("Cannot find module './dist/sunos-x64/dawn.node'"),
      { code: "DEVICE", message: "Dawn does not load: Cannot find module './dist/sunos-x64/dawn.node'" },
    ],
  ])("says why, and what to do", async (load, error) => {
    await expect(loadDawn(load)).rejects.toMatchObject({
      ...error,
      advice: expect.stringMatching(/npm|webgpu/),
    });
  });
});

test("where there is no adapter, it says what to install", async () => {
  await expect(openDawn({ flags: ["backend=opengl"] })).rejects.toMatchObject({
    code: "DEVICE",
    message: "Dawn finds no GPU on this machine",
  });
});

describe.skipIf(device === undefined)("the device that Dawn opens", () => {
  test("has the limits of its adapter", () => {
    expect(device!.limits.maxBufferSize).toBeGreaterThan(2 ** 28);
    device!.destroy();
  });

  test.skipIf(device?.adapterInfo.isFallbackAdapter !== true)(
    "is no software driver unless that is allowed",
    async () => {
      await expect(openDawn()).rejects.toThrow(/^the only adapter is a software driver: /);
    },
  );
});
