import { expect, test } from "vitest";
import { openSource } from "./open-source.ts";
import { entry, rawFile } from "./safetensors/raw-file.test-helper.ts";
import { bytesSource } from "./sources/bytes-source.ts";

const good = rawFile({ a: entry("U8", [1], 0, 1) }, 1);
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

test.each([
  ["under any name", good, "lora.bin"],
  ["with white space in front of its header", rawFile(` \t\r\n${"{}".padStart(5000)}`, 0), "x"],
])("a safetensors file is known %s", async (_, bytes, name) => {
  expect((await openSource(bytesSource(bytes, name))).format).toBe("safetensors");
});

test.each([
  [
    "a tar archive",
    text("ustar".padStart(262, "\0")),
    "UNSUPPORTED",
    "this is a tar archive, as the oldest versions of PyTorch write them, which is not read yet",
  ],
  [
    "another pickle",
    Uint8Array.of(0x80, 2, 0x4b, 10, 0x2e),
    "UNSUPPORTED",
    "this is a Python pickle that torch.save did not write",
  ],
  [
    "an LFS pointer",
    text("version https://git-lfs.github.com/spec/v1\n"),
    "FORMAT",
    "this is a Git LFS pointer: the file itself was never downloaded",
  ],
  ["a web page", text("\n<!DOCTYPE html><title>404</title>"), "FORMAT", "this is a web page"],
  ["a text", text("Invalid username or pässword."), "FORMAT", "this is a text file"],
  [
    "noise",
    Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9),
    "UNSUPPORTED",
    "the first bytes are of no format that is read",
  ],
])("%s is told by what it is", async (_, bytes, code, message) => {
  const opening = openSource(bytesSource(bytes, "file"));
  await expect(opening).rejects.toMatchObject({ code, message, facts: { file: "file" } });
});

test("a broken file with the extension of a format gets that format's error", async () => {
  const opening = openSource(bytesSource(Uint8Array.of(1, 2, 3), "w.SAFETENSORS"));
  await expect(opening).rejects.toMatchObject({ code: "FORMAT", facts: { file: "w.SAFETENSORS" } });
});

test("other formats can be given", async () => {
  const mine = {
    id: "mine",
    extensions: [],
    sniff: ([first]: Uint8Array) => first === 7,
    open: async () => ({ name: "m", tensors: new Map(), metadata: new Map(), sidecars: new Map() }),
  };
  expect((await openSource(bytesSource(Uint8Array.of(7), "x"), { formats: [mine] })).name).toBe("m");
});
