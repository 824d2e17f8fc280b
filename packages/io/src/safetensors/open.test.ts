import { readValues } from "@lora/tensor";
import { describe, expect, test } from "vitest";
import { bytesSource } from "../sources/bytes-source.ts";
import { openSafetensors } from "./open.ts";
import { entry, rawFile, rawSource } from "./raw-file.test-helper.ts";

describe("what is read", () => {
  test("hand-worked: names, types, shapes, metadata and values, at an odd address", async () => {
    const header = {
      __metadata__: { format: "pt", 7: "seven" },
      flag: entry("BOOL", [1], 0, 1),
      "w.weight": entry("I16", [2, 2], 1, 9),
    };
    const file = await openSafetensors(rawSource(header, 9));
    expect(file).toMatchObject({ name: "made.safetensors", format: "safetensors" });
    expect(Object.fromEntries(file.metadata)).toEqual({ 7: "seven", format: "pt" });
    const weight = file.tensors.get("w.weight");
    expect(weight).toMatchObject({ dtype: "i16", shape: [2, 2], byteLength: 8 });
    // Bytes 1 to 9 of the data count up: 1 + 2·256, 3 + 4·256, …
    expect(weight && (await readValues(weight))).toEqual(Float64Array.of(513, 1027, 1541, 2055));
    expect(await weight?.bytes([1, 2])).toEqual(Uint8Array.of(5, 6, 7, 8));
  });

  test("only the header is read, and then exactly the bytes of what is asked for", async () => {
    const header = { a: entry("F32", [4, 4], 0, 64), b: entry("F32", [1000], 64, 4064) };
    const source = rawSource(header, 4064);
    const reads: [number, number][] = [];
    const watched = {
      ...source,
      read: (from: number, to: number) => (reads.push([from, to]), source.read(from, to)),
    };
    const file = await openSafetensors(watched);
    const dataStart = source.size - 4064;
    await file.tensors.get("a")?.bytes([1, 3]);
    expect(reads).toEqual([
      [0, 8],
      [8, dataStart],
      [dataStart + 16, dataStart + 48],
    ]);
  });

  test("tensors come in the order of their data, not in that of the header", async () => {
    const header = {
      late: entry("U8", [2], 2, 4),
      10: entry("U8", [1], 1, 2),
      early: entry("U8", [1], 0, 1),
    };
    expect([...(await openSafetensors(rawSource(header, 4))).tensors.keys()]).toEqual([
      "early",
      "10",
      "late",
    ]);
  });

  test.each([
    ["F4", [2, 3], 3],
    ["F6_E2M3", [4], 3],
    ["F6_E3M2", [8], 6],
    ["F8_E8M0", [3], 3],
    ["C64", [2], 16],
    ["Q_NEXT_YEAR", [7], 5],
  ])("%s is carried as opaque bytes", async (stored, shape, bytes) => {
    const file = await openSafetensors(rawSource({ w: entry(stored, shape, 0, bytes) }, bytes));
    const tensor = file.tensors.get("w");
    expect(tensor).toMatchObject({ dtype: "opaque", storedAs: stored, shape, byteLength: bytes });
    expect((await tensor?.bytes())?.length).toBe(bytes);
  });

  test.each([
    ["no tensors", "{}", 0],
    ["white space around the header", ' \n\t{"a":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}\r  ', 1],
    ["a tensor without elements", { a: entry("F32", [0, 5], 0, 0), b: entry("U8", [1], 0, 1) }, 1],
    ["an axis beyond 2⁵⁰ beside an axis of 0", { a: entry("F32", [2 ** 50, 2 ** 50, 0], 0, 0) }, 0],
    ["metadata null", { __metadata__: null, a: entry("U8", [1], 0, 1) }, 1],
    ["fields nobody knows", { a: { dtype: "U8", shape: [1], data_offsets: [0, 1], note: "x" } }, 1],
    ["the name __proto__", '{"__proto__":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}', 1],
  ])("%s is allowed", async (_, header, bytes) => {
    const file = await openSafetensors(rawSource(header, bytes));
    expect([...file.tensors.values()].reduce((sum, tensor) => sum + tensor.byteLength, 0)).toBe(bytes);
  });
});

describe("what is refused", () => {
  const good = entry("U8", [1], 0, 1);
  const cases: [title: string, header: unknown, bytes: number, message: string | RegExp][] = [
    ["text that is not JSON", "{oops", 0, /^the header is not JSON: /u],
    ["a byte order mark", "\ufeff{}", 0, /^the header is not JSON: /u],
    ["a list", "[]", 0, "the header is JSON, but not an object"],
    ["a text", '"{}"', 0, "the header is JSON, but not an object"],
    [
      "a name twice",
      `{"a":${JSON.stringify(good)},"\\u0061":${JSON.stringify(good)}}`,
      1,
      'the header holds the key "a" twice',
    ],
    [
      "a field twice",
      '{"a":{"dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1]}}',
      1,
      'the header holds the key "dtype" twice',
    ],
    ["metadata that is a list", { __metadata__: [] }, 0, "__metadata__ is not an object"],
    [
      "metadata that is no text",
      { __metadata__: { rank: 8 } },
      0,
      '__metadata__ holds 8 for "rank", not a text',
    ],
    ["an entry that is null", { a: null }, 0, "the entry is not an object"],
    ["no dtype", { a: { shape: [1], data_offsets: [0, 1] } }, 1, "the entry has no dtype"],
    [
      "a negative size",
      { a: entry("U8", [-1], 0, 1) },
      1,
      "the entry has the shape [-1]: it takes sizes of at least 0",
    ],
    [
      "a fraction as size",
      { a: entry("U8", [0.5], 0, 1) },
      1,
      "the entry has the shape [0.5]: it takes sizes of at least 0",
    ],
    [
      "a size beyond 2⁵³",
      { a: entry("U8", [2 ** 53], 0, 1) },
      1,
      "the entry has the shape [9007199254740992]: it takes sizes of at least 0",
    ],
    [
      "three offsets",
      { a: { dtype: "U8", shape: [1], data_offsets: [0, 1, 2] } },
      1,
      "the entry has the data_offsets [0,1,2]: it takes a start and an end",
    ],
    [
      "no offsets",
      { a: { dtype: "U8", shape: [1] } },
      1,
      "the entry has the data_offsets undefined: it takes a start and an end",
    ],
    [
      "an end before the start",
      { a: entry("U8", [1], 1, 0) },
      1,
      "the entry ends at byte 0 of the data, before its start at 1",
    ],
    [
      "a span that is not shape × type",
      { a: entry("F32", [2, 3], 0, 20) },
      20,
      "2 × 3 of F32 takes 24 bytes, and the entry spans 20",
    ],
    ["half bytes", { a: entry("F4", [3], 0, 2) }, 2, "3 of F4 takes 1.5 bytes, and the entry spans 2"],
    [
      "a shape whose product is beyond 2⁵³",
      { a: entry("U8", [2 ** 40, 2 ** 40], 0, 1) },
      1,
      /^1099511627776 × 1099511627776 of U8 takes 1.2\d+e\+24 bytes, and/u,
    ],
    ["data cut off", { a: entry("U8", [9], 0, 9) }, 8, "the tensor ends at byte 9 of the data, which has 8"],
    [
      "overlap",
      { a: entry("U8", [4], 0, 4), b: entry("U8", [4], 3, 7) },
      7,
      'the tensor starts at byte 3 of the data, inside "a"',
    ],
    [
      "a hole",
      { a: entry("U8", [2], 0, 2), b: entry("U8", [2], 4, 6) },
      6,
      "bytes 2 to 4 of the data belong to no tensor",
    ],
    ["a hole in front", { a: entry("U8", [2], 1, 3) }, 3, "bytes 0 to 1 of the data belong to no tensor"],
    ["bytes behind the last tensor", { a: good }, 4, "3 bytes follow the last tensor"],
  ];
  test.each(cases)("%s", async (_, header, bytes, message) => {
    await expect(openSafetensors(rawSource(header, bytes))).rejects.toMatchObject({
      code: "FORMAT",
      message: typeof message === "string" ? message : (expect.stringMatching(message) as unknown),
      facts: { file: "made.safetensors" },
    });
  });

  test.each([
    ["nothing", new Uint8Array(), "the file is empty"],
    ["five bytes", new Uint8Array(5), "the file holds 5 bytes, and a safetensors file at least 8"],
    ["a header longer than the file", rawFile("{}", 98, 255), "the header claims 255 bytes, and 100 follow"],
    [
      "a header of 2⁶⁴ − 1 bytes",
      new Uint8Array(20).fill(255),
      "the header claims 18446744073709551615 bytes, and 12 follow",
    ],
    [
      "a header that is not UTF-8",
      Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0xc3, 0x28),
      "the header is not UTF-8 text",
    ],
  ])("%s", async (_, bytes, message) => {
    const opened = openSafetensors(bytesSource(bytes, "bad"));
    await expect(opened).rejects.toMatchObject({ code: "FORMAT", message, facts: { file: "bad" } });
  });

  test("a header of more than 100 MB, before it is read", async () => {
    const length = new Uint8Array(8);
    new DataView(length.buffer).setBigUint64(0, 100_000_001n, true);
    const opened = openSafetensors({ name: "long", size: 2 ** 40, read: async () => length });
    const message = "the header claims 100000001 bytes, and the format allows 100000000";
    await expect(opened).rejects.toMatchObject({ code: "FORMAT", message });
  });

  test("rows that are not there, with file and tensor", async () => {
    const file = await openSafetensors(rawSource({ a: good }, 1));
    await expect(file.tensors.get("a")?.bytes([0, 2])).rejects.toMatchObject({
      code: "SHAPE",
      facts: { file: "made.safetensors", tensor: "a" },
    });
  });

  test("every cut of a file, and every flipped bit of its header, is a LoraError or still opens", async () => {
    const bytes = rawFile(
      { __metadata__: { k: "v" }, a: entry("F32", [2], 0, 8), b: entry("I8", [3], 8, 11) },
      11,
    );
    for (let length = 0; length < bytes.length; length += 1) {
      const cut = openSafetensors(bytesSource(bytes.subarray(0, length), "cut"));
      await expect(cut).rejects.toMatchObject({ name: "LoraError", code: "FORMAT" });
    }
    for (let bit = 0; bit < (bytes.length - 11) * 8; bit += 1) {
      const flipped = new Uint8Array(bytes);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      const outcome = await openSafetensors(bytesSource(flipped, "flipped")).then(
        () => "LoraError",
        (error: unknown) => (error instanceof Error ? error.name : "unknown"),
      );
      expect(outcome).toBe("LoraError");
    }
  });
});
