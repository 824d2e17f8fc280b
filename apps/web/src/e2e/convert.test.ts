import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BrowserContext } from "playwright";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { absent, type Site, startSite } from "./browser.test-helper.ts";
import { writeKohyaAdapter } from "./files.test-helper.ts";
import { choose, download, lora, measured, sample } from "./steps.test-helper.ts";

const A = sample("kohya/pirate-tales.safetensors");
const COMMIT = "0123456789abcdef0123456789abcdef01234567";
/** One point. */
const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/5+hHgAHggJ/PchI7wAAAABJRU5ErkJggg==";

describe.skipIf(absent)("other names, other texts, and how alike two files are", () => {
  let site: Site;
  beforeAll(async () => {
    site = await startSite();
  }, 60_000);
  afterAll(() => site.close());

  test("convert writes what the command line tool reads, and says that it read it back", async () => {
    const { page, complaints } = await site.open("#/do/convert?to=generic");
    await page.locator("input[webkitdirectory]").first().setInputFiles(sample("pirate-tales"));
    await page.getByRole("button", { name: "Run", exact: true }).click();
    const made = await download(page, "Save adapter_model-generic", join(site.folder, "generic.safetensors"));
    expect(await page.locator(".report .facts").innerText()).toMatch(/Read back\s+the same/u);
    expect(lora("verify", sample("pirate-tales"), made).report).toMatchObject({ passed: true });
    expect(complaints).toEqual([]);
    await page.close();
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
    await page.close();
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
    await page.close();
  });

  test("metadata is set and removed, its picture shown, and the tensors stay", async () => {
    const { page, complaints } = await site.open("#/do/metadata");
    await choose(page, [A]);
    const set = `modelspec.title=Pirate\nmodelspec.thumbnail=data:image/png;base64,${PNG}`;
    await page.getByLabel("Set", { exact: true }).fill(set);
    await page.getByRole("button", { name: "Run", exact: true }).click();
    const made = await download(page, "Save pirate-tales-edited", join(site.folder, "edited.safetensors"));
    expect(lora("metadata", made).report).toMatchObject({
      metadata: { "modelspec.title": "Pirate" },
      thumbnail: { type: "image/png", width: 1, height: 1 },
    });
    expect(lora("verify", A, made).report).toMatchObject({ passed: true });
    await page.goto(site.url);
    await choose(page, [made]);
    const picture = page.getByAltText("Picture that the file carries");
    await picture.waitFor();
    expect(await picture.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBe(1);
    expect(complaints).toEqual([]);
    await page.close();
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
    await page.close();
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
    await page.close();
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
    await context.close();
  });

  test("a server that the page may not ask is refused in words, before anything is sent", async () => {
    const { page } = await site.open();
    await page.getByPlaceholder("of the hub").fill("https://example.org/a.safetensors");
    await page.getByRole("button", { name: "Open", exact: true }).click();
    await page.getByText("This page asks no server but its own and the Hugging Face hub").waitFor();
    await page.close();
  });
});

/** Answers for the hub, of a folder of this disk, as the hub does: a listing, and parts of files. */
async function standInHub(context: BrowserContext, folder: string): Promise<string[]> {
  const asked: string[] = [];
  await context.route("https://huggingface.co/**", async (route) => {
    const url = route.request().url();
    asked.push(url);
    const headers = {
      "access-control-allow-origin": "*",
      "access-control-allow-headers": "*",
      "access-control-expose-headers": "content-range, etag, accept-ranges",
      etag: '"one"',
    };
    if (url.includes("/api/models/owner/pirate-tales/revision/main")) {
      const siblings = readdirSync(folder).map((rfilename) => ({ rfilename }));
      return route.fulfill({ headers, json: { sha: COMMIT, siblings } });
    }
    const path = join(folder, new URL(url).pathname.split("/").at(-1)!);
    if (!existsSync(path)) return route.fulfill({ status: 404, headers });
    const bytes = readFileSync(path);
    const [, from, to] = /bytes=(\d+)-(\d+)/u.exec(route.request().headers()["range"] ?? "") ?? [];
    if (from === undefined) return route.fulfill({ headers, body: bytes });
    const body = bytes.subarray(Number(from), Number(to) + 1);
    const range = `bytes ${from}-${Number(from) + body.length - 1}/${bytes.length}`;
    return route.fulfill({ status: 206, headers: { ...headers, "content-range": range }, body });
  });
  return asked;
}
