import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright";
import { inject, onTestFinished } from "vitest";

/** Above what any wait takes on a machine that others use too, below the limit of a test. */
const WAIT_MS = 40_000;

const given = inject("site");
/** Whether there is no browser, so that its tests are skipped. */
export const absent = given === undefined;

/** The built page, served, and a browser. */
export interface Site {
  /** Address of the page, with `/` at its end. */
  readonly url: string;
  /** For files of the test. */
  readonly folder: string;
  readonly browser: Browser;
  /** A page with nothing in it yet; what it complains of is collected. It is closed when its test ends. */
  open(path?: string, context?: BrowserContext): Promise<OpenPage>;
  close(): Promise<void>;
}

/** A page, and every error that it printed or threw. */
export interface OpenPage {
  readonly page: Page;
  readonly complaints: string[];
}

/** Connects to the browser that all files share. */
export async function startSite(): Promise<Site> {
  const { url, browser: endpoint } = given!;
  const browser = await chromium.connectOverCDP(endpoint, { isLocal: true, timeout: WAIT_MS });
  const folder = mkdtempSync(join(tmpdir(), "lora-web-"));
  return {
    url,
    folder,
    browser,
    async open(path = "", shared) {
      // A service worker would keep all of the page for each test: that takes a quarter of the time of most.
      const context = shared ?? (await browser.newContext({ serviceWorkers: "block" }));
      // Also after a failure: what its workers calculate would slow down every test to come.
      onTestFinished(() => context.close(), WAIT_MS);
      const page = await context.newPage();
      page.setDefaultTimeout(WAIT_MS);
      const complaints: string[] = [];
      page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
      page.on("pageerror", (error) => complaints.push(error.message));
      await page.goto(url + path);
      return { page, complaints };
    },
    async close() {
      await browser.close();
      rmSync(folder, { recursive: true });
    },
  };
}
