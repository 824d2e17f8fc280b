import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { expectTensors, goldenBytes, openGolden, readGoldens } from "../golden.test-helper.ts";
import { openSource } from "../open-source.ts";
import type { ByteSource } from "../sources/byte-source.ts";
import { bytesSource } from "../sources/bytes-source.ts";

const goldens = readGoldens(join(import.meta.dirname, "torch.golden.json"));

describe.each(goldens)("what torch saves as %s", (_, golden) => {
  test("has the same tensors here: every type, views and shared storages among them", async () => {
    const file = await openGolden(golden);
    expect(file.format).toBe("pytorch");
    await expectTensors(file, golden);
  });

  test("has everything else as text", async () => {
    expect(Object.fromEntries((await openGolden(golden)).metadata)).toEqual(golden.metadata);
  });
});

/** A source that notes what is read of it. */
function noted(bytes: Uint8Array): { source: ByteSource; reads: [number, number][] } {
  const inner = bytesSource(bytes, "made.pt");
  const reads: [number, number][] = [];
  const read: ByteSource["read"] = (from, to, signal) => {
    reads.push([from, to]);
    return inner.read(from, to, signal);
  };
  return { source: { ...inner, read }, reads };
}

test("a dense tensor takes, after its local header, one read of exactly its bytes", async () => {
  const [, golden] = goldens.find(([name]) => name === "nested")!;
  const { source, reads } = noted(goldenBytes(golden));
  const tensor = (await openSource(source)).tensors.get("layer.a")!;
  reads.length = 0;
  await tensor.bytes();
  await tensor.bytes([1, 2]);
  expect(reads.map(([from, to]) => to - from)).toEqual([30, 24, 12]);
  expect(reads[2]![0]).toBe(reads[1]![0] + 12);
});
