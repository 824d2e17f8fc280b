import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Page } from "playwright";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { broken } from "./axe.test-helper.ts";
import { absent, type Site, startSite } from "./browser.test-helper.ts";
import { choose, measured, sample } from "./steps.test-helper.ts";

const DIST = join(import.meta.dirname, "../../dist");

test("the page begins with at most 60 kB of JavaScript, compressed", () => {
  const html = readFileSync(join(DIST, "index.html"), "utf8");
  const scripts = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.js)"/gu)].map(([, path]) => path!);
  expect(scripts.length).toBeGreaterThan(0);
  const sizes = scripts.map((path) => gzipSync(readFileSync(join(DIST, path)), { level: 9 }).length);
  expect(sizes.reduce((a, b) => a + b)).toBeLessThanOrEqual(60_000);
});

test("no script of the build is inline, and none comes from elsewhere", () => {
  const html = readFileSync(join(DIST, "index.html"), "utf8");
  expect(html.match(/<script(?![^>]*\ssrc="\.\/)/gu)).toBeNull();
  expect(readdirSync(DIST)).toContain("sw.js");
});

/** Serves anything to anyone, and counts who asks. */
async function openServer(): Promise<{ url: string; hits: string[]; server: Server }> {
  const hits: string[] = [];
  const server = createServer((request, response) => {
    hits.push(request.url!);
    response.writeHead(200, { "access-control-allow-origin": "*", "content-type": "text/plain" }).end("here");
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, hits, server };
}

describe.skipIf(absent)("what the page promises", () => {
  let site: Site;
  beforeAll(async () => {
    site = await startSite();
  });
  afterAll(() => site.close());

  test("no request leaves for anywhere but the page and the hub: not of the page, and not of its workers", async () => {
    const other = await openServer();
    const { page } = await site.open();
    await choose(page, [sample("kohya/pirate-tales.safetensors")]);
    await measured(page);
    const outcome = (url: string): Promise<string> =>
      fetch(url).then(
        () => "sent",
        () => "blocked",
      );
    expect(await page.evaluate(outcome, `${other.url}/page`)).toBe("blocked");
    const workers = page.workers();
    expect(workers.length).toBeGreaterThan(0);
    for (const worker of workers)
      expect(await worker.evaluate(outcome, `${other.url}/worker`)).toBe("blocked");
    await page.evaluate((url) => {
      document.body.append(Object.assign(new Image(), { src: `${url}/image` }));
      navigator.sendBeacon(`${url}/beacon`, "x");
    }, other.url);
    await page.waitForTimeout(200);
    expect(other.hits).toEqual([]);
    // The same request of a page without the policy arrives: the test can tell.
    const free = await site.browser.newPage();
    await free.goto(`${other.url}/free`);
    expect(await free.evaluate(outcome, `${other.url}/control`)).toBe("sent");
    expect(other.hits).toContain("/control");
    other.server.close();
  });

  test("an inline script does not run", async () => {
    const { page } = await site.open();
    const ran = await page.evaluate(() => {
      document.body.append(
        Object.assign(document.createElement("script"), { textContent: "globalThis.ran = true" }),
      );
      return "ran" in globalThis;
    });
    expect(ran).toBe(false);
  });

  test("after one visit the page, its sample and its jobs work offline", async () => {
    const context = await site.browser.newContext();
    const { page } = await site.open("", context);
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await context.setOffline(true);
    await page.reload();
    await page.getByRole("button", { name: "Try the sample" }).click();
    await measured(page);
  });

  test("the badge says what calculates, and why it is not the GPU", async () => {
    const { page } = await site.open("?device=wasm");
    await choose(page, [sample("kohya/pirate-tales.safetensors")]);
    const badge = page.locator(".badge");
    await badge.waitFor();
    expect(await badge.innerText()).toMatch(/^WASM, \d+ threads?/u);
    expect(await badge.getAttribute("title")).toBe("WASM was asked for in the address");
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
  });

  for (const room of [375, 1280]) {
    test(`every view is accessible and fits its window in both themes: ${room} wide`, async () => {
      const context = await site.browser.newContext({
        viewport: { width: room, height: 740 },
        serviceWorkers: "block",
      });
      const { page, complaints } = await site.open("", context);
      await judged(page, room);
      await choose(page, [sample("kohya/pirate-tales.safetensors"), sample("base/model.safetensors")]);
      await page.getByText("Every module is in model.safetensors").waitFor();
      await measured(page);
      await page.locator(".outcome").waitFor();
      await page.locator("tbody th button").first().click();
      await judged(page, room);
      await page.getByRole("link", { name: "Do" }).click();
      await page.getByRole("button", { name: "Run", exact: true }).click();
      await page.getByRole("button", { name: "Report as JSON" }).waitFor();
      await judged(page, room);
      await page.goto(`${site.url}#/do/metadata`);
      await page.getByLabel("Picture").waitFor();
      await judged(page, room);
      await page.getByRole("link", { name: "Learn" }).click();
      await page.getByRole("slider", { name: "Rank r" }).waitFor();
      await judged(page, room);
      expect(complaints).toEqual([]);
    });
  }

  test.each(["#/look", "#/do/combine", "#/learn"])(
    "every control is reached with the Tab key, and shows that it was: %s",
    async (view) => {
      const { page } = await site.open("#/look");
      await page.getByRole("button", { name: "Try the sample" }).click();
      await page.getByText("Every module is in tiny-llama").waitFor();
      await measured(page);
      await page.locator(".outcome").waitFor();
      await page.goto(site.url + view);
      await page
        .getByRole("slider")
        .or(page.getByRole("button", { name: "Run", exact: true }))
        .first()
        .waitFor();
      expect(await unreached(page)).toEqual([]);
    },
  );
});

/** Accessible in light and in dark, which differ in nothing but colours, and no wider than its window. */
async function judged(page: Page, room: number): Promise<void> {
  await page.emulateMedia({ colorScheme: "light" });
  expect(await broken(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: "dark" });
  expect(await broken(page, "html", ["color-contrast"])).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(room);
}

/** Controls that the Tab key does not come to, and those that look the same when it does. */
async function unreached(page: Page): Promise<string[]> {
  const count = await page.evaluate(() => {
    const controls = "a[href], button, input, select, textarea, summary, [tabindex='0']";
    const open = [...document.querySelectorAll<HTMLElement>(controls)].filter(
      (element) => element.checkVisibility() && !element.matches(":disabled"),
    );
    // Of radio buttons with one name the one that is chosen stands for all.
    const single = open.filter((element) => !element.matches('[type="radio"]:not(:checked)'));
    for (const element of single) element.dataset["unreached"] = "";
    return single.length;
  });
  const unseen: string[] = [];
  for (let pressed = 0; pressed <= count; pressed++) {
    await page.keyboard.press("Tab");
    const look = await page.evaluate(() => {
      const element = document.activeElement as HTMLElement;
      delete element.dataset["unreached"];
      const parts = [element, ...element.querySelectorAll(".ring")].map((part) => getComputedStyle(part));
      const seen = parts.some(
        ({ outlineStyle, strokeWidth }) => outlineStyle !== "none" || Number.parseFloat(strokeWidth) >= 2,
      );
      return seen || element === document.body ? "" : element.outerHTML.slice(0, 120);
    });
    if (look !== "") unseen.push(`shows nothing: ${look}`);
  }
  const left = await page.evaluate(() =>
    [...document.querySelectorAll("[data-unreached]")].map((element) => element.outerHTML.slice(0, 120)),
  );
  return [...unseen, ...left];
}
