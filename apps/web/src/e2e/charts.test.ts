import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { broken } from "./axe.test-helper.ts";
import { absent, type Site, startSite } from "./browser.test-helper.ts";
import { choose, download, lora, measured, sample } from "./steps.test-helper.ts";

const A = sample("kohya/pirate-tales.safetensors");

describe.skipIf(absent)("charts, what-if and the lesson", () => {
  let site: Site;
  beforeAll(async () => {
    site = await startSite();
  });
  afterAll(() => site.close());

  /** A page with the sample adapter measured, and the first preview there. */
  async function opened(...more: readonly string[]): Promise<Page> {
    const { page } = await site.open();
    await choose(page, [A, ...more]);
    await measured(page);
    await page.locator(".outcome").waitFor();
    return page;
  }

  test("the heat map is walked with arrow keys, and Enter selects a module everywhere", async () => {
    const page = await opened();
    const map = page.getByRole("grid", { name: /^Norm of the update/u });
    await map.locator('[tabindex="0"]').focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("End");
    await page.keyboard.press("Enter");
    const chosen = map.locator('[aria-selected="true"]');
    expect(await chosen.getAttribute("aria-label")).toMatch(/1, .*: \d/u);
    expect(await page.locator("#section-spectra ~ * h3").first().innerText()).toMatch(/_1_/u);
  });

  test("the cut of a spectrum is moved with keys, and says what it keeps", async () => {
    const page = await opened();
    const cut = page.getByRole("slider", { name: "Directions kept" });
    await cut.focus();
    await page.keyboard.press("End");
    await page.getByText("16 of 16 directions keep 100% of the energy").waitFor();
  });

  test("a chart is saved as a drawing of its own, and read as a table", async () => {
    const page = await opened();
    const section = page.locator('section[aria-labelledby="section-map"]');
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      section.getByRole("button", { name: "Save SVG" }).click(),
    ]);
    await file.saveAs(join(site.folder, "map.svg"));
    const drawing = readFileSync(join(site.folder, "map.svg"), "utf8");
    expect(drawing).toMatch(/^<svg[^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/u);
    expect(drawing).not.toMatch(/var\(|oklab/u);
    await section.getByRole("button", { name: "Table" }).click();
    expect(await section.locator("tbody tr").count()).toBe(28);
  });

  test("every chart of a report and of the lesson is saved as a drawing", async () => {
    const page = await opened();
    expect(await page.locator("main figure.chart").count()).toBe(5);
    const save = page.getByRole("button", { name: "Save SVG" });
    expect(await save.count()).toBe(5);
    await page.goto(`${site.url}#/learn`);
    await page.getByRole("slider", { name: "Rank r" }).waitFor();
    const matrices = page.locator("figure.chart", { hasText: "The matrix and its factors" });
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      matrices.getByRole("button", { name: "Save SVG" }).click(),
    ]);
    await file.saveAs(join(site.folder, "factors.svg"));
    const drawing = readFileSync(join(site.folder, "factors.svg"), "utf8");
    expect(drawing.match(/<svg/gu)).toHaveLength(6);
    expect(drawing).toContain(">ΔW − B·A</text>");
    expect(await page.locator("main svg").count()).toBe(await page.locator("figure.chart svg").count());
  });

  test("what-if says to the byte what the command line tool then writes", async () => {
    const page = await opened();
    await page.getByRole("radio", { name: "Rank", exact: true }).click();
    await page.getByRole("spinbutton", { name: "Rank of every module" }).fill("5");
    await page.locator(".outcome", { hasText: "5" }).waitFor();
    await page.getByLabel("Store as").selectOption("f16");
    const out = join(site.folder, "cli.safetensors");
    lora("resize", A, "-o", out, "--rank", "5", "--dtype", "f16");
    await page.locator(`.outcome[data-bytes="${readFileSync(out).length}"]`).waitFor();
    const command = await page.locator(".command code").innerText();
    expect(command).toContain("--rank 5 --dtype f16");
  });

  test("a recipe is text and sliders at once, and goes home as it is", async () => {
    const page = await opened(sample("base/model.safetensors"));
    await page.getByRole("radio", { name: "Recipe" }).click();
    const text = page.getByRole("textbox", { name: "Recipe" });
    await text.fill("spn_ckpt=0.5,subspace=0.5,thr=-1.2");
    expect(await page.getByRole("slider", { name: /^subspace/u }).inputValue()).toBe("0.5");
    await page.getByRole("slider", { name: /^subspace/u }).fill("0.25");
    expect(await text.inputValue()).toBe("spn_ckpt=0.5,subspace=0.25,thr=-1.2");
    await page.getByRole("radio", { name: "the best that fit a size" }).click();
    await page.getByRole("spinbutton", { name: "Size in MiB" }).fill("0.25");
    await text.fill("spn_ckpt=1,th");
    await page.getByText("has no key “th”").waitFor();
    const recipe = "spn_ckpt=0.5,subspace=0.5,size=0.25";
    await text.fill(recipe);
    const out = join(site.folder, "sized.safetensors");
    lora("resize", A, "-o", out, "--recipe", recipe, "--base", sample("base/model.safetensors"));
    const bytes = readFileSync(out).length;
    await page.locator(`.outcome[data-bytes="${bytes}"]`).waitFor();
    await page.getByRole("button", { name: "Take it home" }).click();
    await page.getByRole("button", { name: "Run", exact: true }).click();
    const made = await download(page, "Save pirate-tales", join(site.folder, "home.safetensors"));
    expect(readFileSync(made).length).toBe(bytes);
  });

  test("the lesson follows the rank that is dragged, up to no error at all", async () => {
    const { page } = await site.open("#/learn");
    const rank = page.getByRole("slider", { name: "Rank r" });
    await rank.fill("1");
    await page.getByText("Rank 1: 42 numbers instead of 432").waitFor();
    await rank.fill("18");
    await page.getByText("the factors are larger than the matrix").waitFor();
    expect(await broken(page, "main")).toEqual([]);
  });
});
