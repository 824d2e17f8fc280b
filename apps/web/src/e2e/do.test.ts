import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { absent, type Site, startSite } from "./browser.test-helper.ts";
import { choose, download, lora, sample } from "./steps.test-helper.ts";

const A = sample("kohya/pirate-tales.safetensors");

describe.skipIf(absent)("working on files; what comes out is checked with the command line tool", () => {
  let site: Site;
  beforeAll(async () => {
    site = await startSite();
  });
  afterAll(() => site.close());

  test("resize writes what `lora resize` writes, byte for byte", async () => {
    const { page, complaints } = await site.open("#/do/resize?rule=energy&energy=0.9");
    await choose(page, [A]);
    await page.getByRole("button", { name: "Run", exact: true }).click();
    const made = await download(
      page,
      "Save pirate-tales-resized.safetensors",
      join(site.folder, "web.safetensors"),
    );
    const own = join(site.folder, "cli.safetensors");
    lora("resize", A, "-o", own, "--energy", "0.9");
    expect(readFileSync(made).equals(readFileSync(own))).toBe(true);
    expect(complaints).toEqual([]);
  });

  test("a base that is open serves the recipes that ask for it", async () => {
    const { page } = await site.open("#/do/resize?rule=recipe&recipe=spn_ckpt%3D1%2Cthr%3D-1.2");
    await choose(page, [A, sample("base/model.safetensors")]);
    await page.getByText("Base: model.safetensors").waitFor();
    await page.getByRole("button", { name: "Run", exact: true }).click();
    const made = await download(page, "Save pirate-tales", join(site.folder, "recipe.safetensors"));
    expect(lora("verify", A, made, "--tolerance", "1").report).toMatchObject({ passed: true });
  });

  test("an adapter of PEFT goes home with its config, and reads back", async () => {
    const { page } = await site.open("#/do/resize?rule=rank&rank=4&dtype=f16");
    await page.locator("input[webkitdirectory]").first().setInputFiles(sample("pirate-tales"));
    await page.getByRole("button", { name: "Run", exact: true }).click();
    const folder = join(site.folder, "peft");
    await download(page, "Save adapter_model.safetensors", join(folder, "adapter_model.safetensors"));
    await download(page, "Save adapter_config.json", join(folder, "adapter_config.json"));
    const { report } = lora("inspect", folder);
    expect(report).toMatchObject({ dialect: "peft", ranks: [{ rank: 4, modules: 28 }] });
  });

  test("combine makes the weighted sum, whatever the naming", async () => {
    const { page } = await site.open("#/do/combine");
    await choose(page, [A]);
    await page.getByText("1 adapter is open").waitFor();
    await page.locator("input[webkitdirectory]").first().setInputFiles(sample("question-answer"));
    await page.getByLabel("Weight of pirate-tales.safetensors").fill("0.7");
    await page.getByLabel("Weight of question-answer").fill("-0.5");
    await page.getByRole("button", { name: "Run", exact: true }).click();
    const made = await download(
      page,
      "Save pirate-tales-combined.safetensors",
      join(site.folder, "sum.safetensors"),
    );
    const own = join(site.folder, "sum-cli.safetensors");
    lora("combine", `${A}:0.7`, `${sample("question-answer")}:-0.5`, "-o", own);
    expect(lora("verify", own, made).report).toMatchObject({ passed: true });
  });

  test("verify says of a shrunk copy how far off it is; the result of an action is opened at once", async () => {
    const { page } = await site.open("#/do/resize?rule=rank&rank=4");
    await choose(page, [A]);
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await page.getByRole("button", { name: "Open the result here" }).click();
    await page.getByRole("link", { name: "Verify" }).click();
    await page.getByLabel("Second file").selectOption("pirate-tales-resized.safetensors");
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await page.getByText("different").waitFor();
    expect(await page.locator(".report .facts").innerText()).toMatch(/Error\s+5\d\.\d%/u);
  });

  test("what is saved straight to a file takes no way through memory", async () => {
    const { page } = await site.open("#/do/resize?rule=rank&rank=4");
    // The dialogue is the browser's; the file behind it is as real in the page's own file system.
    await page.evaluate(() => {
      globalThis.showSaveFilePicker = async ({ suggestedName }) =>
        (await navigator.storage.getDirectory()).getFileHandle(suggestedName, { create: true });
    });
    await choose(page, [A]);
    await page.getByRole("button", { name: "Run and save to …" }).click();
    await page.getByText("saved").waitFor();
    const size = await page.evaluate(async () => {
      const handle = await (await navigator.storage.getDirectory()).getFileHandle("resize.safetensors");
      return (await handle.getFile()).size;
    });
    expect(size).toBeGreaterThan(50_000);
  });
});
