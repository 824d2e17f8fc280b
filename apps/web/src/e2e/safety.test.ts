import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
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

  for (const [colorScheme, room] of [
    ["light", 375],
    ["light", 1280],
    ["dark", 375],
    ["dark", 1280],
  ] as const) {
    test(`every view is accessible and fits its window: ${colorScheme}, ${room} wide`, async () => {
      const context = await site.browser.newContext({ colorScheme, viewport: { width: room, height: 740 } });
      const { page, complaints } = await site.open("", context);
      expect(await broken(page)).toEqual([]);
      await choose(page, [sample("kohya/pirate-tales.safetensors"), sample("base/model.safetensors")]);
      await page.getByText("Every module is in model.safetensors").waitFor();
      await measured(page);
      await page.locator("tbody th button").first().click();
      expect(await broken(page)).toEqual([]);
      const width = (): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth);
      expect(await width()).toBe(room);
      await page.getByRole("link", { name: "Do" }).click();
      await page.getByRole("button", { name: "Run", exact: true }).click();
      await page.getByRole("button", { name: "Report as JSON" }).waitFor();
      expect(await broken(page)).toEqual([]);
      expect(await width()).toBe(room);
      await page.getByRole("link", { name: "Learn" }).click();
      await page.getByRole("slider", { name: "Rank r" }).waitFor();
      expect(await broken(page)).toEqual([]);
      expect(await width()).toBe(room);
      expect(complaints).toEqual([]);
    });
  }
});
