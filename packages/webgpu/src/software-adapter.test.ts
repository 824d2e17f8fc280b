import { expect, test } from "vitest";
import { isSoftwareAdapter } from "./software-adapter.ts";

test.each([
  ["Chromium's own", { vendor: "google", architecture: "swiftshader", isFallbackAdapter: true }, true],
  ["SwiftShader by its name alone", { description: "SwiftShader driver 5.0.0" }, true],
  ["Mesa", { description: "llvmpipe: Mesa 25.0.7" }, true],
  ["Windows", { device: "Microsoft Basic Render Driver" }, true],
  [
    "a GPU",
    { vendor: "nvidia", architecture: "hopper", description: "NVIDIA H100", isFallbackAdapter: false },
    false,
  ],
  ["nothing known", {}, false],
])("software adapters are known: %s", (_, info, software) => {
  expect(isSoftwareAdapter(info)).toBe(software);
});
