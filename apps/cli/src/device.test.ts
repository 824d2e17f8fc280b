import { join } from "node:path";
import type { AnalyseReport } from "@lora/jobs";
import { openDawn } from "@lora/webgpu/node";
import { describe, expect, test } from "vitest";
import { buildCli, spawned } from "./built-cli.test-helper.ts";
import { run } from "./run.test-helper.ts";

const samples = join(import.meta.dirname, "../../../samples");
const [tales, base] = [join(samples, "pirate-tales"), join(samples, "base")];
const RECIPE = ["--recipe", "spn_ckpt=1,thr=-0.5", "--dry-run", "--threads", "1"];

// Any device will do here; skipped where there is none, unless the run demands one.
const device = await openDawn({ allowFallback: true }).catch((error: unknown) => {
  if (process.env["REQUIRE_WEBGPU"] === "1") throw error;
});
const software = device?.adapterInfo.isFallbackAdapter === true;
device?.destroy();

async function analysis(...words: string[]): Promise<AnalyseReport> {
  const { code, stdout, stderr } = await run(["analyse", tales, "--base", base, "--json", ...words]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout) as AnalyseReport;
}

test("a small base is measured on the processor, without a word about devices", async () => {
  const automatic = await analysis();
  expect(automatic).not.toHaveProperty("device");
  expect(await analysis("--device", "cpu")).toEqual(automatic);
});

test("a device that is none is wrong usage", async () => {
  const { code, stderr } = await run(["analyse", tales, "--device", "cuda"]);
  expect(code).toBe(2);
  expect(stderr).toContain("Allowed choices are auto, cpu, webgpu, webgpu-software");
});

describe.skipIf(device === undefined)("on a software driver, asked for by name", () => {
  test("an analysis agrees with the processor to the rounding of f32, and says what it ran on", async () => {
    const [found, expected] = [await analysis("--device", "webgpu-software"), await analysis()];
    expect(found.device).toEqual({ name: expect.stringMatching(/^webgpu ./), weights: 28 });
    for (const [at, { shape, base: measured }] of found.modules.entries()) {
      const exact = expected.modules[at]!.base!.spectralNorm;
      // 10⁻⁸ + 10·√(out + in)·2⁻²⁴, as `weightFacts` states
      const bound = 1e-8 + 10 * Math.sqrt(shape[0]! + shape[1]!) * 2 ** -24;
      expect(Math.abs(measured!.spectralNorm / exact - 1)).toBeLessThanOrEqual(bound);
    }
  });

  test("a resize keeps the same ranks, names the device, and the process ends", async () => {
    const lora = [process.execPath, "--conditions=@lora/source", join(import.meta.dirname, "lora.ts")];
    const words = ["resize", tales, "--base", base, ...RECIPE];
    const resized = async (name: string): Promise<string[]> => {
      const { code, stdout, stderr } = await spawned([
        lora[0]!,
        ...lora.slice(1),
        ...words,
        "--device",
        name,
      ]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      return stdout.split("\n");
    };
    const [found, expected] = [await resized("webgpu-software"), await resized("cpu")];
    const measured = found.filter((line) => line.startsWith("  device"));
    expect(measured).toEqual([expect.stringMatching(/webgpu .*: 28 base weights$/)]);
    expect(found.find((line) => line.startsWith("  rank "))).toBe(
      expected.find((line) => line.startsWith("  rank ")),
    );
  });

  test("without a rule that reads the base no device is opened", async () => {
    const words = ["resize", tales, "--base", base, "--rank", "4", "--dry-run", "--json"];
    const { stdout } = await run([...words, "--device", "webgpu-software"]);
    expect(JSON.parse(stdout)).not.toHaveProperty("device");
  });

  test.skipIf(!software)("by the name of webgpu alone it is refused", async () => {
    const { code, stderr } = await run(["analyse", tales, "--base", base, "--device", "webgpu"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^DEVICE {2}--device webgpu: the only adapter is a software driver: /);
    expect(stderr).toContain("--device cpu calculates without");
  });
});

test("where the npm package webgpu is not installed, it says how to get it", async () => {
  const cli = await buildCli(["lora.ts"]);
  const words = ["analyse", tales, "--base", base, "--threads", "1", "--device"];
  const asked = await spawned([process.execPath, cli.path, ...words, "webgpu"]);
  const automatic = await spawned([process.execPath, cli.path, ...words, "auto"]);
  cli.remove();
  expect(asked.code).toBe(1);
  expect(asked.stderr).toMatch(/^MISSING {2}--device webgpu: the npm package webgpu is not installed/);
  expect(asked.stderr).toContain("npm install webgpu");
  expect(automatic).toMatchObject({ code: 0, stderr: "" });
});
