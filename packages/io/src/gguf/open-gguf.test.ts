import type { TensorFile } from "@lora/tensor";
import { readValues } from "@lora/tensor";
import { describe, expect, test } from "vitest";
import { bytesSource } from "../sources/bytes-source.ts";
import type { GgufValue } from "./gguf-value.ts";
import { HeaderBytes } from "./header-bytes.ts";
import { openGguf } from "./open-gguf.ts";

interface Info {
  readonly name?: string;
  readonly sizes?: readonly number[];
  readonly type?: number;
  readonly from?: number;
}

/** A file of version 3 put together by hand; a tensor is four bytes where nothing else is said. */
function gguf(
  infos: readonly Info[],
  metadata: readonly (readonly [string, GgufValue])[] = [],
  data = 32,
): Uint8Array {
  const header = new HeaderBytes();
  header.bytes(new TextEncoder().encode("GGUF"));
  header.u32(3);
  header.u64(infos.length);
  header.u64(metadata.length);
  for (const [key, value] of metadata) {
    header.text(key);
    header.value(value);
  }
  for (const { name = "a", sizes = [4], type = 24, from = 0 } of infos) {
    header.text(name);
    header.u32(sizes.length);
    for (const size of sizes) header.u64(size);
    header.u32(type);
    header.u64(from);
  }
  const front = header.finish(32);
  const whole = new Uint8Array(front.length + data).fill(1);
  whole.set(front);
  return whole;
}

const opened = (bytes: Uint8Array): Promise<TensorFile> => openGguf(bytesSource(bytes, "w.gguf"));

test("hand-worked: sizes are counted from the innermost, lengths of version 1 take four bytes", async () => {
  const words = [1, 1, 1, 1, 0x61, 4, 7, 1, 0x62, 2, 2, 1, 24, 0, 0];
  const bytes = new Uint8Array(96);
  bytes.set(new TextEncoder().encode("GGUF"));
  const view = new DataView(bytes.buffer);
  let at = 4;
  for (const word of words) {
    if (word === 0x61 || word === 0x62) view.setUint8(at++, word);
    else {
      view.setUint32(at, word, true);
      at += 4;
    }
  }
  bytes.set([5, 6], 64);
  const file = await opened(bytes);
  expect(file.metadata).toEqual(new Map([["a", "7"]]));
  expect(file.tensors.get("b")!.shape).toEqual([1, 2]);
  expect([...(await readValues(file.tensors.get("b")!))]).toEqual([5, 6]);
});

test("types that are not read are carried", async () => {
  const tensor = (await opened(gguf([{ sizes: [32], type: 20 }]))).tensors.get("a")!;
  expect([tensor.dtype, tensor.storedAs, tensor.byteLength]).toEqual(["opaque", "ggml:iq4_nl", 18]);
});

test("a large header is read in parts, and a long array named by its length", async () => {
  const values = Array.from({ length: 20_000 }, (_, i) => `word ${i}`);
  const numbers = Array.from(values, (_, i) => i);
  const file = await opened(
    gguf(
      [{}],
      [
        ["words", { type: "array", of: "string", values }],
        ["numbers", { type: "array", of: "f32", values: numbers }],
      ],
    ),
  );
  expect([...file.metadata.values()]).toEqual(["20000 × string", "20000 × f32"]);
});

test.each<[string, GgufValue]>([
  ["18446744073709551615", { type: "u64", value: 2n ** 64n - 1n }],
  ["-9223372036854775808", { type: "i64", value: -(2n ** 63n) }],
  ["0.33333334", { type: "f32", value: Math.fround(1 / 3) }],
  ["16", { type: "f32", value: 16 }],
  ["NaN", { type: "f32", value: Number.NaN }],
  ["0.3333333333333333", { type: "f64", value: 1 / 3 }],
  ['["a, b", "c"]', { type: "array", of: "string", values: ["a, b", "c"] }],
  ["[true, false]", { type: "array", of: "bool", values: [true, false] }],
])("a value is a text with all its digits: %s", async (text, value) => {
  expect((await opened(gguf([], [["key", value]]))).metadata.get("key")).toBe(text);
});

/** Arrays of arrays, so many levels deep. */
function nested(levels: number): Uint8Array {
  const bytes = gguf([], [["k", { type: "array", of: "u8", values: [] }]]);
  const at = bytes.length - 32 - 32;
  const whole = new Uint8Array(2000);
  whole.set(bytes.subarray(0, at + 5));
  const view = new DataView(whole.buffer);
  const start = 4 + 4 + 16 + 9;
  view.setUint32(start, 9, true);
  for (let level = 0; level < levels; level += 1) {
    view.setUint32(start + 4 + 12 * level, level === levels - 1 ? 0 : 9, true);
    view.setBigUint64(start + 8 + 12 * level, 1n, true);
  }
  return whole;
}

test("arrays are nested as deep as a file says, within reason", async () => {
  expect((await opened(nested(2))).metadata.get("k")).toBe("[[0]]");
  const message = "arrays of metadata are nested more than 8 deep";
  await expect(opened(nested(9))).rejects.toMatchObject({ code: "FORMAT", message });
});

const u8: GgufValue = { type: "u8", value: 1 };

describe("a file is refused", () => {
  test.each<[string, Uint8Array, string]>([
    ["that begins otherwise", new Uint8Array(64), "the file does not begin with GGUF"],
    [
      "with a key twice",
      gguf(
        [],
        [
          ["k", u8],
          ["k", u8],
        ],
      ),
      'the metadata has the key "k" twice',
    ],
    [
      "with an unknown type of metadata",
      gguf([], [["k", u8]]).fill(13, 33, 34),
      "there is no type 13 of metadata",
    ],
    ["with a tensor twice", gguf([{}, {}]), "two tensors are called a"],
    [
      "with a tensor of five axes",
      gguf([{ sizes: [1, 1, 1, 1, 1] }]),
      "the tensor has 5 axes, and ggml knows 4",
    ],
    [
      "with an alignment of 3",
      gguf([], [["general.alignment", { type: "u32", value: 3 }]]),
      "general.alignment is 3: it takes a power of 2",
    ],
    [
      "whose tensor is not aligned",
      gguf([{ from: 8 }]),
      "the tensor starts at byte 8 of the data, no multiple of 32",
    ],
    [
      "whose tensor does not fill blocks",
      gguf([{ sizes: [33], type: 8 }]),
      "33 of q8_0 does not fill blocks of 32",
    ],
    [
      "whose tensors overlap",
      gguf(
        [
          { name: "a", sizes: [40] },
          { name: "b", from: 32 },
        ],
        [],
        96,
      ),
      "the tensor starts at byte 128, inside what ends at 136",
    ],
    ["whose tensor leaves it", gguf([{ sizes: [64] }]), "the tensor ends at byte 128 of a file of 96"],
    [
      "whose text is longer than it",
      gguf([], [["k", { type: "string", value: "v" }]]).fill(0xff, 37, 39),
      "the header needs 65535 more bytes, and 51 follow",
    ],
  ])("%s", async (_, bytes, message) => {
    await expect(opened(bytes)).rejects.toMatchObject({ code: "FORMAT", message, facts: { file: "w.gguf" } });
  });

  test.each<[string, Uint8Array, string]>([
    ["of version 4", gguf([]).fill(4, 4, 5), "the file has version 4 of GGUF, and 1 to 3 are read"],
    [
      "with a type that ggml does not have",
      gguf([{ type: 4 }]),
      "the tensor has type 4 of ggml, which is not known",
    ],
  ])("%s", async (_, bytes, message) => {
    await expect(opened(bytes)).rejects.toMatchObject({ code: "UNSUPPORTED", message });
  });
});
