import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { absent, type Site, startSite } from "./browser.test-helper.ts";
import { choose, download, lora, measured, sample } from "./steps.test-helper.ts";

interface Analysed {
  readonly name: string;
  readonly frobenius: number;
  readonly effectiveRank: number;
}

describe.skipIf(absent)("looking into files", () => {
  let site: Site;
  beforeAll(async () => {
    site = await startSite();
  });
  afterAll(() => site.close());

  test("the sample is one click away, and is measured beside its base", async () => {
    const { page, complaints } = await site.open();
    await page.getByRole("button", { name: "Try the sample" }).click();
    await measured(page);
    await page.getByText("Every module is in tiny-llama").waitFor();
    await measured(page);
    expect(await page.locator(".facts").innerText()).toMatch(
      /peft[\s\S]*llama[\s\S]*lora[\s\S]*16[\s\S]*32[\s\S]*28/u,
    );
    expect(complaints).toEqual([]);
  });

  test("a column sorts by its numbers, by keyboard, and says so", async () => {
    const { page } = await site.open();
    await choose(page, [sample("kohya/pirate-tales.safetensors")]);
    await measured(page);
    const title = page.getByRole("columnheader", { name: "‖ΔW‖" });
    await title.getByRole("button").focus();
    await page.keyboard.press("Enter");
    expect(await title.getAttribute("aria-sort")).toBe("descending");
    const cells = await page.locator("tbody tr td:nth-child(7)").allInnerTexts();
    const numbers = cells.map(Number);
    expect(numbers).toHaveLength(28);
    expect(numbers).toEqual([...numbers].sort((a, b) => b - a));
  });

  test("a module that is selected shows every direction of its update", async () => {
    const { page } = await site.open();
    await choose(page, [sample("kohya/pirate-tales.safetensors"), sample("base/model.safetensors")]);
    await page.getByText("Every module is in model.safetensors").waitFor();
    await measured(page);
    await page.locator("tbody th button").first().click();
    const rows = page.getByRole("region", { name: /^Directions of/u }).locator("tbody tr");
    expect(await rows.count()).toBe(16);
    expect(await rows.last().innerText()).toContain("100%");
  });

  test("a dropped folder is one adapter, with the config that lies beside its weights", async () => {
    const { page } = await site.open();
    await page.locator("input[webkitdirectory]").setInputFiles(sample("pirate-tales"));
    await measured(page);
    expect(await page.locator("h1").innerText()).toBe("pirate-tales");
    await page.getByText("adapter_config.json").waitFor();
  });

  test("files that are dropped anywhere on the page are opened", async () => {
    const { page } = await site.open();
    const bytes = [...readFileSync(sample("kohya/pirate-tales.safetensors"))];
    const data = await page.evaluateHandle((content) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([new Uint8Array(content)], "dropped.safetensors"));
      return transfer;
    }, bytes);
    await page.dispatchEvent("h1", "drop", { dataTransfer: data });
    await measured(page);
    expect(await page.locator("h1").innerText()).toBe("dropped.safetensors");
  });

  test("a model that is no adapter is kept as a base, and says why", async () => {
    const { page } = await site.open();
    await choose(page, [sample("base/model.safetensors")]);
    await page.getByText("It is kept as a base").waitFor();
    expect(
      await page.getByRole("button", { name: "model.safetensors base" }).getAttribute("aria-pressed"),
    ).toBe("true");
  });

  test("the address holds the settings of an action, and a link brings them back", async () => {
    const { page } = await site.open("#/do/resize?rule=rank&rank=5");
    await choose(page, [sample("kohya/pirate-tales.safetensors")]);
    await page.getByLabel("Rank", { exact: true }).waitFor();
    expect(await page.getByLabel("Rank", { exact: true }).inputValue()).toBe("5");
    await page.getByLabel("Rank", { exact: true }).fill("6");
    await page.waitForURL(/#\/do\/resize\?rule=rank&.*rank=6/u);
  });

  test("what was measured goes home from beside the table, by keyboard", async () => {
    const { page } = await site.open();
    await choose(page, [sample("kohya/pirate-tales.safetensors")]);
    await measured(page);
    const section = page.locator('section[aria-labelledby="section-modules"]');
    await section.getByRole("button", { name: "Report as JSON" }).focus();
    await page.keyboard.press("Tab");
    const [file] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
    const csv = join(site.folder, "analyse.csv");
    await file.saveAs(csv);
    const rows = readFileSync(csv, "utf8").trimEnd().split("\n");
    expect(rows).toHaveLength(29);
    expect(rows[0]).toMatch(/^name,.*singularValues,frobenius/u);
    const report = await download(page, "Report as JSON", join(site.folder, "analyse.json"));
    const cli = lora("analyse", sample("kohya/pirate-tales.safetensors")).report;
    const { modules } = JSON.parse(readFileSync(report, "utf8")) as { modules: Analysed[] };
    const expected = (cli as { modules: Analysed[] }).modules;
    expect(modules.map(({ name }) => name)).toEqual(expected.map(({ name }) => name));
    // Logarithms of two engines of JavaScript differ in the last bit.
    for (const [at, { frobenius, effectiveRank }] of expected.entries()) {
      expect(modules[at]!.frobenius).toBe(frobenius);
      expect(modules[at]!.effectiveRank).toBeCloseTo(effectiveRank, 12);
    }
  });

  test("a report goes home as JSON and as CSV, a row each module", async () => {
    const { page } = await site.open("#/do/resize?rule=rank&rank=4");
    await choose(page, [sample("kohya/pirate-tales.safetensors")]);
    await page.getByRole("button", { name: "Run", exact: true }).click();
    const json = await download(page, "Report as JSON", join(site.folder, "report.json"));
    const report = JSON.parse(readFileSync(json, "utf8")) as { job: string; modules: unknown[] };
    expect([report.job, report.modules.length]).toEqual(["resize", 28]);
    const csv = readFileSync(await download(page, "Modules as CSV", join(site.folder, "report.csv")), "utf8");
    expect(csv.split("\n")[0]).toBe("name,rankBefore,rankAfter,relativeErrorFrobenius,relativeErrorSpectral");
    expect(csv.trimEnd().split("\n")).toHaveLength(29);
  });
});
