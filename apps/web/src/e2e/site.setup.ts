import { existsSync } from "node:fs";
import { join } from "node:path";
import { env } from "node:process";
import { preview } from "vite";
import type { TestProject } from "vitest/node";
import { launchChromium } from "./launch-chromium.ts";

const APP = join(import.meta.dirname, "../..");

declare module "vitest" {
  interface ProvidedContext {
    /** Path of the browser, if there is one. */
    readonly chromium: string | undefined;
    /** Where the built page is served and its browser listens; undefined where there is no browser. */
    readonly site: { readonly url: string; readonly browser: string } | undefined;
  }
}

/** Serves the built page and starts the one browser that all files of tests share; both end with the run. */
export async function setup({ config, provide }: TestProject): Promise<(() => Promise<void>) | undefined> {
  const executable = config.provide.chromium;
  if (executable === undefined) {
    if (env["REQUIRE_WEBGPU"] === "1") {
      throw new Error(
        "REQUIRE_WEBGPU=1, and there is no Chromium: install one, or name it in CHROMIUM_PATH.",
      );
    }
    process.stdout.write(
      "The page is not tested in a browser: there is no Chromium (name one in CHROMIUM_PATH).\n",
    );
    provide("site", undefined);
    return undefined;
  }
  if (!existsSync(join(APP, "dist/index.html")))
    throw new Error("the page is not built: run pnpm build first");
  const server = await preview({ root: APP, logLevel: "error", preview: { host: "127.0.0.1", port: 0 } });
  const browser = await launchChromium(executable);
  provide("site", { url: server.resolvedUrls!.local[0]!, browser: browser.endpoint });
  return async () => {
    await browser.close();
    await server.close();
  };
}
