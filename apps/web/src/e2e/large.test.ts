import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { absent, type Site, startSite } from "./browser.test-helper.ts";
import { headed, sdxlModules, writeKohyaAdapter, writeSparseModel } from "./files.test-helper.ts";
import { choose, download, lora, measured, sample } from "./steps.test-helper.ts";

/** What people begin to feel. */
const LONG_MS = 50;

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds of the processor, where the thread was not waiting for it. */
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

/** Tasks of the page's own thread that took long while something was done, in milliseconds of the processor. */
async function longTasks({ browser }: Site, page: Page, work: () => Promise<void>): Promise<number[]> {
  await browser.startTracing(page, { categories: ["toplevel"] });
  await work();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as {
    traceEvents: TraceEvent[];
  };
  const threads = traceEvents.filter(
    ({ name, args }) => name === "thread_name" && args.name === "CrRendererMain",
  );
  const ours = new Set(threads.map(({ pid, tid }) => `${pid} ${tid}`));
  const tasks = traceEvents.filter(
    ({ name, pid, tid }) => name.endsWith("RunTask") && ours.has(`${pid} ${tid}`),
  );
  if (tasks.length < 10) throw new Error(`the trace has ${tasks.length} tasks of the page: it shows nothing`);
  return tasks.map(({ tdur = 0 }) => tdur / 1000).filter((duration) => duration > LONG_MS);
}

/** When what was known of the file that was dropped, as the page marks it: `header 61 ms, …`. No test asserts a time. */
async function moments(page: Page): Promise<string> {
  const marks = await page.evaluate(() =>
    performance.getEntriesByType("mark").map(({ name, startTime }) => ({ name, startTime })),
  );
  const at = (name: string): number => marks.find((mark) => mark.name === `lora:${name}`)!.startTime;
  return ["header", "alphas", "measured"]
    .map((name) => `${name} ${Math.round(at(name) - at("dropped"))} ms`)
    .join(", ");
}

/** What the page keeps in its own file system: one folder for each file that was made. */
async function keptFiles(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const names: string[] = [];
    const own = await navigator.storage.getDirectory();
    const made = await own.getDirectoryHandle("made", { create: true });
    for await (const name of made.keys()) names.push(name);
    return names;
  });
}

describe.skipIf(absent)("large files", () => {
  let site: Site;
  let sdxl = "";
  beforeAll(async () => {
    site = await startSite();
    sdxl = join(site.folder, "sdxl.safetensors");
    writeKohyaAdapter(sdxl, sdxlModules());
  });
  afterAll(() => site.close());

  test("an adapter of SDXL's 986 modules is shown from its header, a page of rows at a time", async () => {
    const { page } = await site.open();
    await choose(page, [sdxl]);
    await page.getByText("986 modules", { exact: true }).waitFor();
    await measured(page);
    process.stdout.write(`SDXL's 2,958 tensors in this browser: ${await moments(page)}\n`);
    expect(await page.locator(".facts").innerText()).toMatch(/kohya[\s\S]*986/u);
    expect(await page.getByText("safetensors, 2,958 tensors").count()).toBe(1);
    expect(await page.locator("tbody tr").count()).toBe(30);
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByText("2 of 33").waitFor();
    await page.getByLabel("Search").fill("te2_");
    await page.getByText("192 modules").waitFor();
  });

  // Time of the processor, since others may use the machine; they still cost its caches, hence the second try.
  test(
    "no task of the page's own thread is long while it is opened, measured, sorted, made smaller and drawn",
    { retry: 2 },
    async () => {
      const { page } = await site.open();
      const long = await longTasks(site, page, async () => {
        await choose(page, [sdxl]);
        await measured(page);
        await page.getByRole("columnheader", { name: "‖ΔW‖" }).getByRole("button").click();
        await page.getByText("↓").waitFor();
        await page.locator(".outcome").waitFor();
        for (const energy of ["0.9", "0.8", "0.7"]) {
          const before = await page.locator(".outcome").getAttribute("data-bytes");
          await page.getByRole("slider", { name: "Energy each module keeps" }).fill(energy);
          await page.locator(`.outcome:not([data-bytes="${before}"])`).waitFor();
        }
        const map = page.locator('section[aria-labelledby="section-map"]');
        await download(page, map.getByRole("button", { name: "Save SVG" }), join(site.folder, "map.svg"));
      });
      expect(long).toEqual([]);
      // One map for each part, whole though it scrolls on the page.
      expect(readFileSync(join(site.folder, "map.svg"), "utf8").match(/role="gridcell"/gu)).toHaveLength(986);
    },
  );

  test("of a base of more than 2 GiB only the paired weights are read", async () => {
    const base = join(site.folder, "sparse.safetensors");
    expect(writeSparseModel(base, sample("base/model.safetensors"))).toBeGreaterThan(2 ** 31);
    const { page } = await site.open();
    await choose(page, [sample("kohya/pirate-tales.safetensors"), base]);
    await page.getByText("Every module is in sparse.safetensors").waitFor();
    await measured(page);
    expect(await page.getByRole("columnheader", { name: "σ₁/‖W‖₂" }).count()).toBe(1);
  });

  test("a measurement is cancelled at once; the next one is whole, and so is the one after it", async () => {
    const { page } = await site.open();
    await choose(page, [sdxl]);
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByText("Stopped").waitFor();
    await page.getByRole("button", { name: "sdxl.safetensors", exact: true }).click();
    await measured(page);
  });

  test("a job is cancelled while it runs, and leaves nothing to be saved", async () => {
    const { page } = await site.open("#/do/resize?rule=rank&rank=2");
    await choose(page, [sdxl]);
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await page.locator("main").getByRole("button", { name: "Cancel" }).click();
    await page.getByText("Stopped").waitFor();
    expect(await page.getByRole("button", { name: /^Save/u }).count()).toBe(0);
    expect(await keptFiles(page)).toEqual([]);
    await page.getByRole("button", { name: "Run", exact: true }).click();
    const made = await download(page, "Save sdxl-resized.safetensors", join(site.folder, "web.safetensors"));
    expect(await keptFiles(page)).toHaveLength(1);
    // What the workers of the page make together is what one thread makes.
    const own = join(site.folder, "cli.safetensors");
    lora("resize", sdxl, "-o", own, "--rank", "2");
    expect(readFileSync(made).equals(readFileSync(own))).toBe(true);
  });

  test("a truncated file, a file of nothing and a file of text each say what is wrong with them", async () => {
    const { page, complaints } = await site.open();
    const bytes = readFileSync(sample("kohya/pirate-tales.safetensors"));
    const huge = Buffer.from(bytes);
    huge.writeBigUInt64LE(2n ** 62n, 0);
    const file = (name: string, buffer: Buffer): { name: string; mimeType: string; buffer: Buffer } => ({
      name,
      mimeType: "application/octet-stream",
      buffer,
    });
    await page
      .locator('input[type="file"]')
      .first()
      .setInputFiles([
        file("short.safetensors", bytes.subarray(0, 5000)),
        file("huge.safetensors", huge),
        file("empty.safetensors", Buffer.alloc(0)),
        file("page.safetensors", Buffer.from("<!doctype html><script>alert(1)</script>")),
        file("text.txt", Buffer.from("hello")),
        file("brackets.safetensors", Buffer.concat([headed({}).subarray(0, 8), Buffer.from('{"')])),
        file("pickle.bin", Buffer.from("cos\nsystem\n(S'touch owned'\ntR.")),
      ]);
    await page.locator(".chip[data-kind='failed']").nth(6).waitFor();
    const notes = await page.locator(".chip .failure strong").allInnerTexts();
    expect(notes).toHaveLength(7);
    expect(notes.join("\n")).toMatchInlineSnapshot(`
      "The header claims 10216 bytes, and 4992 follow
      The header claims 4611686018427387904 bytes, and 306208 follow
      The file is empty
      This is a web page
      This is a text file
      The header is not JSON: a string does not end, at character 1
      This is a text file"
    `);
    expect(complaints).toEqual([]);
  });

  test("a file with a value that is no number is said to be broken, with its module", async () => {
    const { page } = await site.open();
    const bytes = readFileSync(sample("kohya/pirate-tales.safetensors"));
    bytes.writeFloatLE(Number.NaN, bytes.length - 4);
    const path = join(site.folder, "nan.safetensors");
    writeFileSync(path, bytes);
    await choose(page, [path]);
    const note = page.locator('[data-level="bad"], .failure').first();
    await note.waitFor();
    expect(await note.innerText()).toMatch(/NaN|finite/u);
  });

  test("a name that is a tag is shown as text", async () => {
    const { page, complaints } = await site.open();
    const hostile = join(site.folder, "hostile.safetensors");
    writeKohyaAdapter(hostile, ["lora_unet_<img src=x onerror=alert(1)>", "lora_unet_=1+1"]);
    await choose(page, [hostile]);
    await page.locator("tbody th button", { hasText: "<img src=x onerror=alert(1)>" }).waitFor();
    expect(await page.locator("main img").count()).toBe(0);
    expect(complaints).toEqual([]);
  });
});
