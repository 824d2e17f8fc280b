import { playwright } from "@vitest/browser-playwright";
import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";

import { findChromium } from "./tooling/vitest/find-chromium.ts";

// Tests run on the sources: every package exports them under this condition.
const conditions = ["@lora/source"];

const inBrowser = "packages/*/src/**/*.browser.test.ts";
const chromium = findChromium();

/** Where there is no Chromium, Node takes the browser tests too, which skip themselves there. */
const node: TestProjectInlineConfiguration = {
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    name: "node",
    include: ["packages/*/src/**/*.test.ts", "apps/*/src/**/*.test.ts", "tooling/*/**/*.test.ts"],
    exclude: chromium === undefined ? [] : [inBrowser],
    testTimeout: 60_000,
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
    reporters: ["default", "./tooling/vitest/count-reporter.ts"],
    projects: chromium === undefined ? [node] : [node, browser(chromium)],
  },
});
