import { describe, expect, test } from "vitest";
import { blobSource } from "./blob-source.ts";
import { bytesSource } from "./bytes-source.ts";
import { sectionSource } from "./section-source.ts";

const bytes = Uint8Array.of(10, 11, 12, 13, 14);

describe.each([
  ["memory", bytesSource(bytes, "five")],
  ["a Node Buffer", bytesSource(Buffer.from(bytes), "five")],
  ["a Blob", blobSource(new Blob([bytes]), "five")],
  ["part of another source", sectionSource(bytesSource(Uint8Array.of(9, ...bytes, 15, 16), "five"), 1, 5)],
])("%s", (_, source) => {
  test("gives the bytes that are asked for, and a copy of them", async () => {
    expect([source.name, source.size]).toEqual(["five", 5]);
    const part = await source.read(1, 3);
    expect([...part]).toEqual([11, 12]);
    part.fill(0);
    expect([...(await source.read(0, 5))]).toEqual([10, 11, 12, 13, 14]);
    expect([...(await source.read(2, 2))]).toEqual([]);
  });

  test("gives an error where fewer bytes are there", async () => {
    await expect(source.read(3, 7)).rejects.toMatchObject({
      code: "IO",
      message: "bytes 3 to 7 were asked for, and 2 bytes came",
      facts: { file: "five" },
    });
  });

  test("reads nothing for who has cancelled", async () => {
    await expect(source.read(0, 1, AbortSignal.abort())).rejects.toMatchObject({ code: "ABORTED" });
  });
});

test("a file behind a Blob that is gone is an IO error", async () => {
  const gone = {
    size: 5,
    slice: () => ({ arrayBuffer: () => Promise.reject(new Error("NotReadableError")) }),
  };
  await expect(blobSource(gone, "gone").read(0, 1)).rejects.toMatchObject({
    code: "IO",
    message: "reading failed: NotReadableError",
  });
});

test("slices of a Blob that are asked for at once and lie near each other are one", async () => {
  const data = Uint8Array.from({ length: 2 ** 18 }, (_, index) => index % 251);
  const slices: string[] = [];
  const blob = {
    size: data.length,
    slice(from: number, to: number) {
      slices.push(`${from} ${to}`);
      return new Blob([data.subarray(from, to)]);
    },
  };
  const source = blobSource(blob, "data");
  const far = data.length - 2;
  const parts = await Promise.all([
    source.read(300, 302),
    source.read(far, far + 2),
    source.read(0, 2),
    source.read(far, far + 3).catch((error: unknown) => error),
  ]);
  expect(parts.slice(0, 3)).toEqual([data.slice(300, 302), data.slice(far), data.slice(0, 2)]);
  expect(parts[3]).toMatchObject({ code: "IO" });
  expect(slices.sort()).toEqual(["0 302", `${far} ${far + 2}`, `${far} ${far + 3}`]);
});
