import { defineConfig } from "vitest/config";

// Tests run on the sources: every package exports them under this condition.
const conditions = ["@lora/source"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["packages/*/src/**/*.test.ts", "apps/*/src/**/*.test.ts", "tooling/*/**/*.test.ts"],
    reporters: ["default", "./tooling/vitest/count-reporter.ts"],
    testTimeout: 60_000,
  },
});
