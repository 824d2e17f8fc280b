import { expect, test } from "vitest";
import { weightedPath } from "./weighted-path.ts";

test.each([
  ["a.safetensors:0.7", "a.safetensors", 0.7],
  ["a.safetensors", "a.safetensors", 1],
  ["b2:-.3", "b2", -0.3],
  ["b2:1e-2", "b2", 0.01],
  ["C:\\loras\\a.safetensors", "C:\\loras\\a.safetensors", 1],
  ["C:\\loras\\a.safetensors:2", "C:\\loras\\a.safetensors", 2],
  ["hf:owner/name", "hf:owner/name", 1],
  ["hf:owner/name@main/unet:0.4", "hf:owner/name@main/unet", 0.4],
  ["https://host:8080/a.safetensors", "https://host:8080/a.safetensors", 1],
  ["https://host:8080/a.safetensors:-2", "https://host:8080/a.safetensors", -2],
  ["https://host/a:b.safetensors", "https://host/a:b.safetensors", 1],
])("%s is %s at %d", async (text, path, weight) => {
  expect(await weightedPath(text)).toEqual({ path, weight });
});

test.each(["a.safetensors:half", "a.safetensors:", "odd:name:x", "hf:owner/name:x"])(
  "%s has no weight behind its colon",
  async (text) => {
    await expect(weightedPath(text)).rejects.toThrow("the weight of an adapter is a number, not");
  },
);
