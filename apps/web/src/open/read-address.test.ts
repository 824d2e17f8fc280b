import { expect, test } from "vitest";
import { readAddress } from "./read-address.ts";

const hub = (path: string | undefined, revision = "main"): object => ({
  kind: "hub",
  repository: "owner/name",
  revision,
  path,
});

test.each([
  ["owner/name", hub(undefined)],
  [" hf://owner/name@v2/sub/a.safetensors ", hub("sub/a.safetensors", "v2")],
  ["owner/name/a.safetensors", hub("a.safetensors")],
  ["https://huggingface.co/owner/name", hub(undefined)],
  ["https://huggingface.co/owner/name/blob/main/a.safetensors?download=true", hub("a.safetensors")],
  ["https://huggingface.co/owner/name/resolve/abc/x/a.safetensors", hub("x/a.safetensors", "abc")],
  [
    "https://example.org/files/a.safetensors",
    { kind: "url", url: "https://example.org/files/a.safetensors", name: "a.safetensors" },
  ],
  ["", undefined],
  ["name", undefined],
  ["javascript:alert(1)", undefined],
])("an address is understood as it is usually written: %s", (text, address) => {
  expect(readAddress(text)).toEqual(address);
});
