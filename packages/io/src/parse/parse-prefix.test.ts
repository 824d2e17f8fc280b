import { expect, test } from "vitest";
import type { ByteSource } from "../sources/byte-source.ts";
import { parsePrefix } from "./parse-prefix.ts";

/** Zeros of any length, and what was read of them. */
function zeros(size: number): { source: ByteSource; reads: number[] } {
  const reads: number[] = [];
  const read: ByteSource["read"] = async (from, to) => {
    reads.push(to - from);
    return new Uint8Array(to - from);
  };
  return { source: { name: "zeros", size, read }, reads };
}

const taking = (count: number) => ({
  what: "the header",
  parse: (cursor: { take(n: number): Uint8Array }) => cursor.take(count).length,
});

test("as much is read as parsing takes, four times more each time", async () => {
  const { source, reads } = zeros(1e9);
  expect(await parsePrefix(source, taking(300_000))).toBe(300_000);
  expect(reads).toEqual([2 ** 16, 2 ** 18, 2 ** 20]);
});

test("a source is never read beyond its end, and a length beyond it costs nothing", async () => {
  const { source, reads } = zeros(100_000);
  expect(await parsePrefix(source, taking(100_000))).toBe(100_000);
  await expect(parsePrefix(source, taking(100_001))).rejects.toMatchObject({ code: "FORMAT" });
  expect(reads).toEqual([65_536, 100_000, 65_536]);
});

test("after 100 MB it is enough", async () => {
  const message = "the header takes more than 100000000 bytes";
  await expect(parsePrefix(zeros(1e9).source, taking(2e8))).rejects.toMatchObject({
    code: "FORMAT",
    message,
  });
});
