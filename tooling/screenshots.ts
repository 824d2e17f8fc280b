/** Pictures of the built page's views, for the documentation: `pnpm web:screenshots` builds it first. */
import { createReadStream, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright";

import { findChromium } from "./vitest/find-chromium.ts";
import { root } from "./workspace.ts";

const DIST = path.join(root, "apps/web/dist");
const WAIT_MS = 60_000;
const DESKTOP: BrowserContextOptions = { viewport: { width: 1200, height: 900 }, colorScheme: "light" };
const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, colorScheme: "dark" };
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".json": "application/json",
  ".wasm": "application/wasm",
};

interface Picture {
  readonly name: string;
  readonly options: BrowserContextOptions;
  /** What is done before it is taken. */
  readonly steps: (page: Page) => Promise<void>;
}

const pictures: readonly Picture[] = [
  { name: "web-welcome", options: DESKTOP, steps: async () => undefined },
  { name: "web-look", options: DESKTOP, steps: openSample },
  {
    name: "web-what-if",
    options: DESKTOP,
    async steps(page) {
      await openSample(page);
      await page.locator(".outcome").waitFor();
      await scrollTo(page, "#section-what-if");
    },
  },
  {
    name: "web-do",
    options: DESKTOP,
    async steps(page) {
      await openSample(page);
      await page.goto(`${page.url().split("#", 1)[0]}#/do/combine`);
      await page.getByRole("button", { name: "Run", exact: true }).click();
      await page.getByRole("heading", { name: "Interference" }).first().waitFor();
    },
  },
  {
    name: "web-learn",
    options: DESKTOP,
    async steps(page) {
      await page.goto(`${page.url()}#/learn`);
      await page.getByRole("slider", { name: "Rank r" }).waitFor();
    },
  },
  { name: "web-phone-dark", options: PHONE, steps: openSample },
];

async function openSample(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Try the sample" }).click();
  await page.getByText("Every module is in tiny-llama").waitFor();
  await page.getByRole("grid", { name: "Spectra of all modules" }).waitFor();
}

async function scrollTo(page: Page, selector: string): Promise<void> {
  await page.locator(selector).evaluate((element) => element.scrollIntoView());
}

/** Serves the built page at an address of this machine. */
async function serve(): Promise<Server> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url!, "http://localhost");
    const file = path.join(DIST, pathname.endsWith("/") ? `${pathname}index.html` : pathname);
    if (!statSync(file, { throwIfNoEntry: false })?.isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "content-type": TYPES[path.extname(file)] ?? "application/octet-stream" });
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return server;
}

async function take(browser: Browser, url: string, { name, options, steps }: Picture): Promise<void> {
  const context = await browser.newContext({ ...options, reducedMotion: "reduce" });
  context.setDefaultTimeout(WAIT_MS);
  const page = await context.newPage();
  await page.goto(url);
  await steps(page);
  const file = path.join(root, "docs/screenshots", `${name}.png`);
  await page.screenshot({ path: file });
  await context.close();
  process.stdout.write(`${path.relative(root, file)} ${Math.ceil(statSync(file).size / 1000)} kB\n`);
}

const executablePath = findChromium();
if (executablePath === undefined) throw new Error("there is no Chromium: name one in CHROMIUM_PATH");
const server = await serve();
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
try {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  for (const picture of pictures) await take(browser, url, picture);
} finally {
  await browser.close();
  server.close();
}
