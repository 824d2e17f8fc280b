import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { env } from "node:process";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright";
import { preview } from "vite";

const APP = join(import.meta.dirname, "../..");

/** Where the browser is; tests are skipped without one, unless the run demands them. */
const executable = [env["CHROMIUM_PATH"], "/usr/bin/chromium"].find(
  (path) => path !== undefined && existsSync(path),
);
export const absent = executable === undefined;
if (absent && env["REQUIRE_WEBGPU"] === "1") {
  throw new Error("REQUIRE_WEBGPU=1, and there is no Chromium: install one, or name it in CHROMIUM_PATH.");
}

/** The built page, served, and a browser. */
export interface Site {
  /** Address of the page, with `/` at its end. */
  readonly url: string;
  /** For files of the test. */
  readonly folder: string;
  readonly browser: Browser;
  /** A page with nothing in it yet; what it complains of is collected. */
  open(path?: string, context?: BrowserContext): Promise<OpenPage>;
  close(): Promise<void>;
}

/** A page, and every error that it printed or threw. */
export interface OpenPage {
  readonly page: Page;
  readonly complaints: string[];
}

/** Serves `dist` and starts a browser. */
export async function startSite(): Promise<Site> {
  if (!existsSync(join(APP, "dist/index.html")))
    throw new Error("the page is not built: run pnpm build first");
  const server = await preview({ root: APP, logLevel: "error", preview: { host: "127.0.0.1", port: 0 } });
  const browser = await chromium.launch({ executablePath: executable!, args: ["--no-sandbox"] });
  const folder = mkdtempSync(join(tmpdir(), "lora-web-"));
  const url = server.resolvedUrls!.local[0]!;
  return {
    url,
    folder,
    browser,
    async open(path = "", context) {
      const page = await (context ?? browser).newPage();
      page.setDefaultTimeout(50_000);
      const complaints: string[] = [];
      page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
      page.on("pageerror", (error) => complaints.push(error.message));
      await page.goto(url + path);
      return { page, complaints };
    },
    async close() {
      await browser.close();
      await server.close();
      rmSync(folder, { recursive: true });
    },
  };
}
