import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { absent, type Site, startSite } from "./browser.test-helper.ts";
import { writeKohyaAdapter } from "./files.test-helper.ts";
import { choose, download, lora, sample } from "./steps.test-helper.ts";

const A = sample("kohya/pirate-tales.safetensors");

describe.skipIf(absent)("other names, and how alike two files are", () => {
  let site: Site;
  beforeAll(async () => {
    site = await startSite();
  }, 60_000);
  afterAll(() => site.close());

  test("convert writes what the command line tool reads, and says that it read it back", async () => {
    const { page, complaints } = await site.open("#/do/convert?to=generic");
    await page.locator("input[webkitdirectory]").first().setInputFiles(sample("pirate-tales"));
    await page.getByRole("button", { name: "Run", exact: true }).click();
    const made = await download(page, "Save pirate-tales-generic", join(site.folder, "generic.safetensors"));
    expect(await page.locator(".report .facts").innerText()).toMatch(/Read back\s+the same/u);
    expect(lora("verify", sample("pirate-tales"), made).report).toMatchObject({ passed: true });
    expect(complaints).toEqual([]);
  });

  test("an adapter of PEFT and its config go home as one zip", async () => {
    const { page } = await site.open("#/do/convert?to=peft");
    await page.evaluate(() => Reflect.deleteProperty(globalThis, "showDirectoryPicker"));
    await page.locator("input[webkitdirectory]").first().setInputFiles(sample("pirate-tales"));
    await page.getByRole("button", { name: "Run", exact: true }).click();
    const zip = await download(page, "Save adapter-convert.zip", join(site.folder, "made.zip"));
    execFileSync("python3", ["-m", "zipfile", "-e", zip, site.folder]);
    const { report } = lora("verify", sample("pirate-tales"), join(site.folder, "adapter-convert"));
    expect(report).toMatchObject({ passed: true });
  });

  test("the same files go into a folder that the user chooses", async () => {
    const { page } = await site.open("#/do/convert?to=peft");
    await page.evaluate(() => {
      globalThis.showDirectoryPicker = () => navigator.storage.getDirectory();
    });
    await page.locator("input[webkitdirectory]").first().setInputFiles(sample("pirate-tales"));
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await page.getByRole("button", { name: "Save all in a folder" }).click();
    await page.getByText("saved in").waitFor();
    const names = await page.evaluate(async () => {
      const root = await navigator.storage.getDirectory();
      const found: string[] = [];
      for await (const name of (await root.getDirectoryHandle("adapter-convert")).keys()) found.push(name);
      return found;
    });
    expect(names.sort()).toEqual(["adapter_config.json", "adapter_model.safetensors"]);
  });

  test("two files are compared module by module; the fingerprint is that of the command line tool", async () => {
    const { page } = await site.open("#/do/compare");
    const copy = join(site.folder, "smaller.safetensors");
    lora("resize", A, "-o", copy, "--rank", "2");
    await choose(page, [A, copy]);
    await page.getByRole("button", { name: "Run", exact: true }).click();
    const table = page.getByRole("region", { name: "Table of compared modules" });
    await table.waitFor();
    expect(await table.locator("tbody tr").count()).toBe(20);
    const { report } = lora("compare", A, copy) as { report: { files: { fingerprint: string }[] } };
    const facts = await page.locator(".report .facts").innerText();
    for (const { fingerprint } of report.files) expect(facts).toContain(fingerprint);
    await page.getByRole("link", { name: "Look" }).click();
    await page.getByRole("button", { name: "Fingerprint" }).click();
    await page.getByText(report.files[0]!.fingerprint).waitFor();
  });

  test("a module that is not finite is named, and the others are measured", async () => {
    const { page, complaints } = await site.open();
    const path = join(site.folder, "nan.safetensors");
    writeKohyaAdapter(path, ["lora_unet_mid_block_attentions_0_a", "lora_unet_mid_block_attentions_0_b"]);
    const bytes = readFileSync(path);
    bytes.writeFloatLE(Number.NaN, bytes.length - 4);
    writeFileSync(path, bytes);
    await choose(page, [path]);
    await page.getByText("1 module cannot be measured").waitFor();
    expect(await page.locator(".health [data-level=bad] button").allInnerTexts()).toEqual([
      "lora_unet_mid_block_attentions_0_b",
    ]);
    expect(complaints).toEqual([]);
  });
});
