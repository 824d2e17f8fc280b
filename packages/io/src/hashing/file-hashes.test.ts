import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { tensorFile, tensorOfBytes } from "@lora/tensor";
import { expect, test } from "vitest";
import { openSafetensors } from "../safetensors/open.ts";
import { bytesSource } from "../sources/bytes-source.ts";
import { dataSha256 } from "./data-sha256.ts";
import { type FileHashes, fileHashes } from "./file-hashes.ts";
import { layoutSha256 } from "./layout-sha256.ts";

/** Made by safetensors and kohya's algorithm; see tooling/goldens/hashes.py. */
const golden = JSON.parse(readFileSync(new URL("hashes.golden.json", import.meta.url), "utf8")) as {
  header: string;
  bytes: number;
  hashes: FileHashes;
};

/** The same file: its data are the low bytes of a quadratic. */
function goldenFile(): Uint8Array {
  const header = new TextEncoder().encode(golden.header);
  const bytes = new Uint8Array(golden.bytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, 8);
  for (let at = 8 + header.length, i = 0; at < bytes.length; at++, i++) {
    bytes[at] = Number(((BigInt(i) * BigInt(i) + 7n * BigInt(i)) >> 3n) & 255n);
  }
  return bytes;
}

const FILE = goldenFile();

test("a file has the hashes that kohya's tools, A1111 and Civitai give it", async () => {
  expect(await fileHashes(bytesSource(FILE, "golden"))).toEqual(golden.hashes);
});

test("the platform's SHA-256 gives the same", async () => {
  const sha256 = (): ReturnType<typeof createHash> => createHash("sha256");
  expect(await fileHashes(bytesSource(FILE, "golden"), { sha256 })).toEqual(golden.hashes);
  const { tensors } = await openSafetensors(bytesSource(FILE, "golden"));
  expect(await dataSha256({ tensors }, { sha256 })).toBe(golden.hashes.modelHash);
});

test("the hash of the data is the model hash, whatever the metadata", async () => {
  const { tensors } = await openSafetensors(bytesSource(FILE, "golden"));
  expect(await dataSha256({ tensors })).toBe(golden.hashes.modelHash);
});

test("a file that is cut off is refused before anything is hashed", async () => {
  await expect(fileHashes(bytesSource(FILE.subarray(0, FILE.length - 1), "cut"))).rejects.toMatchObject({
    code: "FORMAT",
  });
});

test("hand-worked: a layout is hashed as its header; values are not in it, names and metadata are", () => {
  const of = (name: string, value: number, note: string): string =>
    layoutSha256(
      tensorFile({
        name: "made",
        tensors: [[name, tensorOfBytes(Uint8Array.of(value), "u8", [1])]],
        metadata: [["note", note]],
      }),
    );
  const text = '{"__metadata__":{"note":"a"},"w":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}';
  const padded = text.padEnd(Math.ceil(text.length / 8) * 8);
  const bytes = Buffer.concat([Buffer.from([padded.length, 0, 0, 0, 0, 0, 0, 0]), Buffer.from(padded)]);
  expect(of("w", 1, "a")).toBe(createHash("sha256").update(bytes).digest("hex"));
  expect(of("w", 2, "a")).toBe(of("w", 1, "a"));
  expect(new Set([of("w", 1, "a"), of("x", 1, "a"), of("w", 1, "b")]).size).toBe(3);
});
