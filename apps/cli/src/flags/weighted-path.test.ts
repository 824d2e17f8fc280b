import { expect, test } from "vitest";
import { weightedPath } from "./weighted-path.ts";

test.each([
  ["a.safetensors:0.7", "a.safetensors", 0.7],
  ["a.safetensors", "a.safetensors", 1],
  ["b:-.3", "b", -0.3],
  ["b:1e-2", "b", 0.01],
  ["C:\\loras\\a.safetensors", "C:\\loras\\a.safetensors", 1],
  ["C:\\loras\\a.safetensors:2", "C:\\loras\\a.safetensors", 2],
  ["odd:name:x", "odd:name:x", 1],
])("%s is %s at %d", (text, path, weight) => {
  expect(weightedPath(text)).toEqual({ path, weight });
});
