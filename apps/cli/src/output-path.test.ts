import { expect, test } from "vitest";
import { outputPath } from "./output-path.ts";

const single = { isFolder: false, input: "in/style.safetensors", suffix: "", hasSidecars: false };

test.each([
  ["a file is that file", { ...single, out: "small.safetensors" }, "small.safetensors"],
  [
    "a file gets a suffix before its ending",
    { ...single, out: "s.safetensors", suffix: "_th-1.2" },
    "s_th-1.2.safetensors",
  ],
  [
    "in a folder it is named like the input",
    { ...single, out: "out/", isFolder: true },
    "out/style.safetensors",
  ],
  [
    "of an address without its query",
    { ...single, out: "out", isFolder: true, input: "https://x/a/style.safetensors?v=1.2" },
    "out/style.safetensors",
  ],
  [
    "of an id without its revision",
    { ...single, out: "out", isFolder: true, input: "hf:owner/name@v1.2" },
    "out/name.safetensors",
  ],
  ["also with a suffix", { ...single, out: "out", isFolder: true, suffix: "_a" }, "out/style_a.safetensors"],
  ["a PEFT adapter is a folder", { ...single, out: "out/", isFolder: true, hasSidecars: true }, "out/"],
  [
    "several of them are folders side by side",
    { ...single, out: "out/", suffix: "_a", hasSidecars: true },
    "out_a/",
  ],
  [
    "a folder may be called like a file",
    { ...single, out: "x.safetensors", isFolder: true },
    "x.safetensors/style.safetensors",
  ],
  ["the root stays the root", { ...single, out: "/", isFolder: true, hasSidecars: true }, "/"],
  ["what else it is, the writer says", { ...single, out: "small.bin" }, "small.bin"],
])("%s", (_, name, path) => {
  expect(outputPath(name)).toBe(path);
});
