import { afterAll, describe, expect, test } from "vitest";
import { healthOf } from "../health.ts";
import { programsOf } from "../programs.ts";
import { dawnBackend } from "./dawn.test-helper.ts";

const { missing, device } = await dawnBackend();

describe.skipIf(missing)("programs", () => {
  afterAll(() => device.destroy());

  test("a pipeline is made once for each set of constants", () => {
    const programs = programsOf(device, healthOf(device));
    const wgsl = `override X: u32;
      @group(0) @binding(1) var<storage, read_write> result: array<u32>;
      @compute @workgroup_size(1) fn main() { result[0] = X; }`;
    const shader = { id: "constant", wgsl, inputs: 0 };
    expect(programs(shader, { X: 1 })).toBe(programs(shader, { X: 1 }));
    expect(programs(shader, { X: 1 })).not.toBe(programs(shader, { X: 2 }));
  });

  test("an error in WGSL is told with its line, and stays", async () => {
    const health = healthOf(device);
    const wgsl = "@compute @workgroup_size(1)\nfn main() {\n  let x: u32 = 1.5;\n}";
    programsOf(device, health)({ id: "broken", wgsl, inputs: 0 }, {});
    const message = /^the device refused: broken\.wgsl:3:\d+: .*: let x: u32 = 1\.5;$/;
    await expect(health.settle()).rejects.toThrow(message);
    expect(health.check).toThrow(message);
  });
});
