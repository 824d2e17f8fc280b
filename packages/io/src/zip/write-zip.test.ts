import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 as crcOfNode } from "node:zlib";
import { describe, expect, test } from "vitest";
import { memoryBudget } from "../memory-budget.ts";
import { memorySink } from "../sinks/memory-sink.ts";
import { bytesSource } from "../sources/bytes-source.ts";
import { crc32 } from "./crc32.ts";
import { readDirectory } from "./directory.ts";
import { memberSource } from "./member-source.ts";
import { descriptor, directoryEntry, endOf, localHeader } from "./zip-records.ts";
import { writeZip, type ZipEntry } from "./write-zip.ts";

const text = new TextEncoder().encode('{"r": 8}');
const values = Uint8Array.from({ length: 100_000 }, (_, index) => (index * index) & 0xff);
const entries: readonly ZipEntry[] = [
  {
    name: "größe/a.bin",
    bytes: values.length,
    chunks: [values.subarray(0, 70_000), values.subarray(70_000)],
  },
  { name: "größe/a.json", bytes: text.length, chunks: [text] },
  { name: "größe/empty", bytes: 0, chunks: [] },
];

async function zipped(): Promise<Uint8Array> {
  const sink = memorySink();
  const bytes = await writeZip(sink, entries);
  await sink.commit();
  expect(sink.bytes!.length).toBe(bytes);
  return sink.bytes!;
}

test("a checksum is that of zlib, in any parts", () => {
  const crc = crc32();
  for (const [from, to] of [
    [0, 1],
    [1, 1],
    [1, 99_999],
    [99_999, 100_000],
  ])
    crc.update(values.subarray(from, to));
  expect(crc.value()).toBe(crcOfNode(values));
});

test("what was put in comes out again", async () => {
  const source = bytesSource(await zipped(), "made.zip");
  const members = await readDirectory(source, memoryBudget(source.size));
  expect([...members.keys()]).toEqual(entries.map(({ name }) => name));
  expect(await memberSource(source, members.get("größe/a.bin")!).read(0, values.length)).toEqual(values);
  expect(await memberSource(source, members.get("größe/a.json")!).read(0, text.length)).toEqual(text);
});

const hasPython = (() => {
  try {
    execFileSync("python3", ["--version"]);
    return true;
  } catch {
    return false;
  }
})();

describe.skipIf(!hasPython)("beside Python's zipfile", () => {
  test("names, sizes and checksums are right", async () => {
    const folder = mkdtempSync(join(tmpdir(), "lora-zip-"));
    const path = join(folder, "made.zip");
    writeFileSync(path, await zipped());
    const script = `import json, sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
print(json.dumps([[i.filename, i.file_size, i.CRC] for i in z.infolist()]))`;
    const said = execFileSync("python3", ["-c", script, path], { encoding: "utf8" });
    rmSync(folder, { recursive: true });
    expect(JSON.parse(said)).toEqual([
      ["größe/a.bin", values.length, crcOfNode(values)],
      ["größe/a.json", text.length, crcOfNode(text)],
      ["größe/empty", 0, 0],
    ]);
  });
});

test("sizes and places above 4 GiB are in zip64 fields", async () => {
  const [at, bytes] = [2 ** 33, 2 ** 32 + 5];
  const encoded = new TextEncoder().encode("a");
  const entry = directoryEntry({ name: encoded, at, bytes, crc: 1 });
  const directoryAt = at + localHeader(encoded, bytes).length + bytes + descriptor(bytes, 1).length;
  const tail = Buffer.concat([entry, endOf(1, directoryAt, entry.length)]);
  const source = {
    name: "large.zip",
    size: directoryAt + tail.length,
    read: async (from: number, to: number) => {
      const whole = new Uint8Array(to - from);
      const first = Math.max(from, directoryAt);
      whole.set(tail.subarray(first - directoryAt, to - directoryAt), first - from);
      return whole;
    },
  };
  expect([...(await readDirectory(source, memoryBudget(source.size))).values()]).toMatchObject([
    { name: "a", at, bytes, packedBytes: bytes },
  ]);
});

test("a file that brings fewer bytes than it said is an error", async () => {
  await expect(
    writeZip(memorySink(), [{ name: "a", bytes: 3, chunks: [text.subarray(0, 2)] }]),
  ).rejects.toMatchObject({
    code: "IO",
    message: "3 bytes were promised for the zip, and 2 came",
  });
});
