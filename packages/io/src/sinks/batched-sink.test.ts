import fc from "fast-check";
import { expect, test } from "vitest";
import { batchedSink } from "./batched-sink.ts";
import type { ByteSink } from "./byte-sink.ts";

/** A sink that notes what it is told. */
function recorder(size: number): ByteSink & { readonly bytes: Uint8Array; readonly calls: string[] } {
  const bytes = new Uint8Array(size);
  const calls: string[] = [];
  return {
    bytes,
    calls,
    async write(position, written) {
      bytes.set(written, position);
      calls.push(`${position}+${written.length}`);
    },
    async commit() {
      calls.push("commit");
    },
    async abort() {
      calls.push("abort");
    },
  };
}

test("writes that follow each other become one, at the commit", async () => {
  const inner = recorder(6);
  const sink = batchedSink(inner);
  for (const [position, byte] of [1, 2, 3, 4].entries()) await sink.write(position, Uint8Array.of(byte));
  expect(inner.calls).toEqual([]);
  await sink.commit();
  expect(inner.calls).toEqual(["0+4", "commit"]);
  expect([...inner.bytes]).toEqual([1, 2, 3, 4, 0, 0]);
});

test("a write elsewhere, and one that is large, come after what was gathered", async () => {
  const inner = recorder(2 ** 20 + 20);
  const sink = batchedSink(inner);
  await sink.write(4, Uint8Array.of(1));
  await sink.write(5, new Uint8Array(2 ** 20 + 1).fill(2));
  await sink.write(0, Uint8Array.of(3));
  await sink.commit();
  expect(inner.calls).toEqual(["4+1", `5+${2 ** 20 + 1}`, "0+1", "commit"]);
});

test("an abort writes nothing more", async () => {
  const inner = recorder(4);
  const sink = batchedSink(inner);
  await sink.write(0, Uint8Array.of(1));
  await sink.abort();
  expect(inner.calls).toEqual(["abort"]);
});

test("whatever is written in whatever order, the bytes are those of the writes", async () => {
  const size = 40;
  const writes = fc.array(fc.tuple(fc.nat(size - 1), fc.uint8Array({ minLength: 0, maxLength: 8 })), {
    maxLength: 30,
  });
  await fc.assert(
    fc.asyncProperty(writes, async (list) => {
      const [inner, expected] = [recorder(size + 8), new Uint8Array(size + 8)];
      const sink = batchedSink(inner);
      for (const [position, bytes] of list) {
        expected.set(bytes, position);
        await sink.write(position, bytes);
      }
      await sink.commit();
      expect(inner.bytes).toEqual(expected);
    }),
    { seed: 5 },
  );
});
