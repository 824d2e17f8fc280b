import { readFileSync } from "node:fs";
import type { Page } from "playwright";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { absent, type Site, startSite } from "./browser.test-helper.ts";
import { COMMIT, fulfilPart, standInHub } from "./hub.test-helper.ts";
import { choose, lora, measured, sample } from "./steps.test-helper.ts";

const A = sample("kohya/pirate-tales.safetensors");

/** Lets go of files or folders of the disk over the page, as the system does. */
async function drop(page: Page, paths: readonly string[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [...paths], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const) {
    await session.send("Input.dispatchDragEvent", { type, x: 200, y: 300, data });
  }
}

describe.skipIf(absent)("where files come from, and what they are read as", () => {
  let site: Site;
  beforeAll(async () => {
    site = await startSite();
  });
  afterAll(() => site.close());

  test("folders and files that are dropped together are an adapter each", async () => {
    const { page, complaints } = await site.open();
    await drop(page, [sample("question-answer"), A]);
    await page.getByRole("button", { name: "pirate-tales.safetensors", exact: true }).waitFor();
    await measured(page);
    expect(await page.locator(".chip .plain:not(.close)").allInnerTexts()).toEqual(
      expect.arrayContaining(["question-answer", "pirate-tales.safetensors"]),
    );
    expect(complaints).toEqual([]);
  });

  test("a model of the hub is opened by its name, read in parts, and the page says how much", async () => {
    const context = await site.browser.newContext({ serviceWorkers: "block" });
    const asked = await standInHub(context, sample("pirate-tales"));
    const { page, complaints } = await site.open("", context);
    await page.getByPlaceholder("of the hub").fill("owner/pirate-tales");
    await page.getByRole("button", { name: "Open", exact: true }).click();
    await measured(page);
    expect(await page.locator(".facts").first().innerText()).toMatch(/Dialect\s+peft/u);
    const traffic = await page.locator("[data-traffic]").innerText();
    expect(traffic).toMatch(/^Read [\d.]+ .?B of [\d.]+ .?B in \d+ requests\.$/u);
    expect(asked.filter((url) => url.includes("/resolve/")).every((url) => url.includes(COMMIT))).toBe(true);
    expect(complaints).toEqual([]);
  });

  test("a server that the page may not ask is refused in words, before anything is sent", async () => {
    const { page } = await site.open();
    await page.getByPlaceholder("of the hub").fill("https://example.org/a.safetensors");
    await page.getByRole("button", { name: "Open", exact: true }).click();
    await page.getByText("This page asks no server but its own and the Hugging Face hub").waitFor();
  });

  test("what lies beside the page is opened by its URL, read in parts", async () => {
    const context = await site.browser.newContext({ serviceWorkers: "block" });
    await context.route(`${site.url}style.safetensors`, (route) => fulfilPart(route, readFileSync(A), {}));
    const { page, complaints } = await site.open("", context);
    await page.getByPlaceholder("of the hub").fill(`${site.url}style.safetensors`);
    await page.getByRole("button", { name: "Open", exact: true }).click();
    await measured(page);
    expect(await page.locator("h1").innerText()).toBe("style.safetensors");
    expect(await page.locator("[data-traffic]").innerText()).toMatch(/^Read .* in \d+ requests\.$/u);
    expect(complaints).toEqual([]);
  });

  test("a pickle that would run code is refused by what it asks for, and opens nothing", async () => {
    const { page, complaints } = await site.open();
    const buffer = Buffer.from("\u{80}\u{2}cos\nsystem\nX\u{2}\0\0\0ls\u{85}R.", "latin1");
    await choose(page, [A]);
    await page
      .locator('input[type="file"]:not([webkitdirectory])')
      .first()
      .setInputFiles({ name: "style.pt", mimeType: "application/octet-stream", buffer });
    const note = page.locator(".chip .failure");
    await note.getByText("The pickle asks for os.system, which is not on the list of what is read").waitFor();
    await note.getByText("It would run code when Python loads it: do not load this file anywhere.").waitFor();
    await measured(page);
    expect(complaints).toEqual([]);
  });

  test("a file is read in another dialect by choice, and what cannot be read so stays as it is", async () => {
    const { page } = await site.open();
    await choose(page, [A]);
    await measured(page);
    const readAs = page.getByLabel("Read as");
    const facts = page.locator(".facts").first();
    await readAs.selectOption("peft");
    await page.getByText("Adapter_config.json is not beside the weights").waitFor();
    expect(await facts.innerText()).toMatch(/Dialect\s+kohya/u);
    expect(await readAs.inputValue()).toBe("");
    await readAs.selectOption("onetrainer");
    await facts.getByText("onetrainer").waitFor();
    await measured(page);
    await page.goto(`${site.url}#/do/resize?rule=rank&rank=2`);
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await page.getByRole("button", { name: "Save pirate-tales-resized.safetensors" }).waitFor();
    expect(lora("inspect", A, "--dialect", "onetrainer").report).toMatchObject({ dialect: "onetrainer" });
  });
});
