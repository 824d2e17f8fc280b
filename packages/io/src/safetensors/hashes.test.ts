import { createHash } from "node:crypto";
import { tensorFile, tensorOfBytes } from "@lora/tensor";
import { expect, test } from "vitest";
import { memorySink } from "../sinks/memory-sink.ts";
import { bytesSource } from "../sources/bytes-source.ts";
import { safetensorsFileBytes } from "./file-bytes.ts";
import { openSafetensors } from "./open.ts";
import { writeSafetensors } from "./write.ts";

/** Noise without a generator: the low bytes of a quadratic. */
const noise = Uint8Array.from({ length: 1_300_000 }, (_, i) => (i * i + 7 * i) >> 3);
const tensors = [["w", tensorOfBytes(noise, "u8", [1300, 1000])]] as const;

async function save(metadata: Record<string, string>): Promise<Uint8Array> {
  const sink = memorySink();
  await writeSafetensors(tensorFile({ name: "new", tensors, metadata: Object.entries(metadata) }), sink);
  await sink.commit();
  return sink.bytes ?? new Uint8Array();
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

test("stale hashes are recalculated: of the data, and of a window of the file with ss_ metadata only", async () => {
  const stale = { ss_rank: "8", title: "mine", sshs_model_hash: "stale", sshs_legacy_hash: "" };
  const bytes = await save(stale);
  const { metadata } = await openSafetensors(bytesSource(bytes, "hashed"));
  const plain = await save({ ss_rank: "8" });
  expect(Object.fromEntries(metadata)).toEqual({
    ss_rank: "8",
    title: "mine",
    sshs_model_hash: sha256(noise),
    sshs_legacy_hash: sha256(plain.subarray(0x100000, 0x110000)).slice(0, 8),
  });
  expect(bytes.length).toBe(safetensorsFileBytes(tensors, new Map(Object.entries(stale))));
});

test("only the hash that was there is written", async () => {
  const { metadata } = await openSafetensors(bytesSource(await save({ sshs_legacy_hash: "x" }), "hashed"));
  expect([...metadata.keys()]).toEqual(["sshs_legacy_hash"]);
});

test("modelspec's hash is that of the data, with 0x before it", async () => {
  const bytes = await save({ "modelspec.hash_sha256": "0xstale" });
  const { metadata } = await openSafetensors(bytesSource(bytes, "hashed"));
  expect([...metadata]).toEqual([["modelspec.hash_sha256", `0x${sha256(noise)}`]]);
});

test("the window reaches into a header of more than a megabyte", async () => {
  const long = { ss_tags: "t".repeat(1_050_000) };
  const { metadata } = await openSafetensors(
    bytesSource(await save({ ...long, sshs_legacy_hash: "" }), "hashed"),
  );
  const expected = sha256((await save(long)).subarray(0x100000, 0x110000)).slice(0, 8);
  expect(metadata.get("sshs_legacy_hash")).toBe(expected);
});

test("a file that ends before the window has the hash of nothing", async () => {
  const sink = memorySink();
  const file = tensorFile({ name: "small", tensors: [], metadata: [["sshs_legacy_hash", ""]] });
  await writeSafetensors(file, sink);
  await sink.commit();
  const again = await openSafetensors(bytesSource(sink.bytes ?? new Uint8Array(), "small"));
  expect(again.metadata.get("sshs_legacy_hash")).toBe("e3b0c442");
});
