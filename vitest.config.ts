import { playwright } from "@vitest/browser-playwright";
import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";

import { findChromium } from "./tooling/vitest/find-chromium.ts";

// Tests run on the sources: every package exports them under this condition.
const conditions = ["@lora/source"];

const inBrowser = "packages/*/src/**/*.browser.test.ts";
const ofPage = "apps/web/src/e2e/*.test.ts";
const chromium = findChromium();

/** Where there is no Chromium, Node takes the browser tests too, which skip themselves there. */
const node: TestProjectInlineConfiguration = {
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    name: "node",
    include: ["packages/*/src/**/*.test.ts", "apps/*/src/**/*.test.ts", "tooling/*/**/*.test.ts"],
    exclude: chromium === undefined ? [ofPage] : [ofPage, inBrowser],
    testTimeout: 60_000,
  },
};

/** The built page in a real browser, one file after the other and after all else: each needs the whole machine. */
const page: TestProjectInlineConfiguration = {
  test: {
    name: "page",
    include: [ofPage],
    provide: { chromium },
    globalSetup: "apps/web/src/e2e/site.setup.ts",
    fileParallelism: false,
    // The files share nothing but the browser: one process drives it for all, and loads its driver once.
    isolate: false,
    sequence: { groupOrder: 1 },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
};

/** WebGPU on Chromium's own SwiftShader, which needs no GPU. */
function browser(executablePath: string): TestProjectInlineConfiguration {
  const args = ["--no-sandbox", "--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"];
  return {
    resolve: { conditions },
    test: {
      name: "browser",
      include: [inBrowser],
      testTimeout: 60_000,
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        provider: playwright({ launchOptions: { executablePath, args } }),
        instances: [{ browser: "chromium" }],
      },
    },
  };
}

export default defineConfig({
  test: {
    // Many tests wait for browsers, drivers and processes: a worker for every core keeps them busy.
    maxWorkers: "100%",
    reporters: ["default", "./tooling/vitest/count-reporter.ts"],
    projects: chromium === undefined ? [node, page] : [node, browser(chromium), page],
  },
});
