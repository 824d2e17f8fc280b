import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { AnalyseReport, BaseAnalysis } from "@lora/jobs";
import type { Page } from "playwright";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { absent, type Site, startSite } from "./browser.test-helper.ts";
import { choose, download, measured, sample } from "./steps.test-helper.ts";

const FILES = [sample("kohya/pirate-tales.safetensors"), sample("base/model.safetensors")];
/** Half a unit in the last place of f32, relative. */
const UNIT = 2 ** -24;

describe.skipIf(absent)("on WebGPU, of Chromium's software driver", () => {
  let site: Site;
  beforeAll(async () => {
    site = await startSite();
  });
  afterAll(() => site.close());

  async function measuredBeside(query: string): Promise<Page> {
    const { page } = await site.open(query);
    await choose(page, FILES);
    await page.getByText("Every module is in model.safetensors").waitFor();
    await measured(page);
    return page;
  }

  async function report(query: string, name: string): Promise<AnalyseReport> {
    const page = await measuredBeside(query);
    const path = await download(page, "Report as JSON", join(site.folder, name));
    await page.context().close();
    return JSON.parse(readFileSync(path, "utf8")) as AnalyseReport;
  }

  test("a report in f32 of the device is that of WASM in f64, as near as f32 is", async () => {
    const expected = await report("?device=wasm", "wasm.json");
    const found = await report("?device=webgpu", "webgpu.json");
    expect(expected.device).toBeUndefined();
    expect(found.device).toMatchObject({ weights: 28 });
    for (const [at, { shape, base }] of expected.modules.entries()) {
      const [out, cols] = shape as readonly [number, number];
      const exact = base!;
      const near: BaseAnalysis = found.modules[at]!.base!;
      const bound = 1e-8 + 10 * Math.sqrt(out + cols) * UNIT;
      expect(Math.abs(near.spectralNorm / exact.spectralNorm - 1)).toBeLessThanOrEqual(bound);
      expect(Math.abs(near.frobeniusNorm / exact.frobeniusNorm - 1)).toBeLessThanOrEqual(out * cols * UNIT);
      const errors = near.subspaceFactors.map((factor, i) => Math.abs(factor - exact.subspaceFactors[i]!));
      expect(Math.max(...errors)).toBeLessThanOrEqual((cols + 3) * UNIT * exact.frobeniusNorm);
    }
  });

  test("a GPU that goes away midway is said in a line, and WASM does its work", async () => {
    const { page } = await site.open("?device=webgpu");
    await choose(page, FILES);
    await page.locator('.badge[data-kind="webgpu"]').waitFor();
    await page.getByRole("button", { name: "Cancel" }).waitFor();
    const session = await site.browser.newBrowserCDPSession();
    await session.send("Browser.crashGpuProcess");
    await page.getByText("Every module is in model.safetensors").waitFor();
    await page
      .getByText(/^The GPU went away: .*What ran on it was begun again on WASM, \d+ threads?\.$/u)
      .waitFor();
    expect(await page.locator(".badge").innerText()).toMatch(/^WASM/u);
  });
});
