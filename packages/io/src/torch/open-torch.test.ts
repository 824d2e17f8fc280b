import type { TensorFile } from "@lora/tensor";
import { describe, expect, test } from "vitest";
import { seededRandom } from "../fuzz/mutate.test-helper.ts";
import { pickle, text } from "../pickle/pickle.test-helper.ts";
import { bytesSource } from "../sources/bytes-source.ts";
import { makeZip } from "../zip/make-zip.test-helper.ts";
import { openTorch } from "./open-torch.ts";

const FOUR_FLOATS = new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer);
const MAGIC = [0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];

/** A zip with this pickle, and one storage called 0 of four floats. */
function zipOf(bytes: Uint8Array, others: Readonly<Record<string, Uint8Array>> = {}): Uint8Array {
  const members = { "m/data.pkl": bytes, "m/data/0": FOUR_FLOATS, ...others };
  return makeZip(Object.entries(members).map(([name, content]) => ({ name, bytes: content })));
}

/** The name of a storage of so many floats. */
const storage = (count = 4, key = "0", view = ""): string =>
  `(${text("storage")}ctorch\nFloatStorage\n${text(key)}${text("cpu")}K${String.fromCodePoint(count)}${view}tQ`;
const sizes = (...values: readonly number[]): string =>
  `(${values.map((value) => `K${String.fromCodePoint(value)}`).join("")}t`;
/** A call of _rebuild_tensor_v2. */
const tensor = (
  of: string,
  offset: number,
  shape: string,
  strides: string,
  rest = "\u0089N",
): (string | number)[] => [
  `ctorch._utils\n_rebuild_tensor_v2\n(${of}K`,
  offset,
  shape + strides,
  ...Array.from(rest, (letter) => letter.codePointAt(0)!),
  "tR",
];

function opened(bytes: Uint8Array): Promise<TensorFile> {
  return openTorch(bytesSource(bytes, "folder/made.pt"));
}

test("hand-worked: a transposed view in a zip", async () => {
  const file = await opened(zipOf(pickle(...tensor(storage(), 0, sizes(2, 2), sizes(1, 2)))));
  const made = file.tensors.get("made")!;
  expect([made.dtype, made.shape]).toEqual(["f32", [2, 2]]);
  expect(await made.bytes()).toEqual(new Uint8Array(Float32Array.of(1, 3, 2, 4).buffer));
  expect(await made.bytes([1, 2])).toEqual(new Uint8Array(Float32Array.of(2, 4).buffer));
});

describe("a zip is refused", () => {
  const view = tensor(storage(), 0, sizes(4), sizes(1));
  test.each<[string, Uint8Array, string]>([
    [
      "whose tensor leaves its storage",
      zipOf(pickle(...tensor(storage(), 1, sizes(4), sizes(1)))),
      "the tensor ends at byte 20 of its storage, which has 16",
    ],
    [
      "whose tensor repeats a value too often",
      zipOf(pickle(...tensor(storage(), 0, sizes(127, 127, 127), sizes(0, 0, 0)))),
      "127 × 127 × 127 makes 8193532 bytes of a storage of 16",
    ],
    [
      "whose sizes have no product",
      zipOf(
        pickle(
          ...tensor(
            storage(),
            0,
            `(${`J${"\u007f".repeat(4)}`.repeat(40)}K\0t`,
            sizes(...Array<number>(41).fill(1)),
          ),
        ),
      ),
      `${"2139062143 × ".repeat(40)}0 has more elements than can be counted`,
    ],
    [
      "whose storage is not there",
      zipOf(pickle(...tensor(storage(4, "1"), 0, sizes(4), sizes(1)))),
      "the zip has no member for the storage 1",
    ],
    [
      "whose storage is too short",
      zipOf(pickle(...tensor(storage(5), 0, sizes(4), sizes(1)))),
      "the storage 0 takes 20 bytes, and its member has 16",
    ],
    ["whose storage has another name", zipOf(pickle(")Q")), "a storage is named by "],
    [
      "whose storage has no length",
      zipOf(pickle(storage().slice(0, -4), "NtQ")),
      "the length of a storage is None: it takes a whole number from 0 on",
    ],
    [
      "whose sizes are no tuple",
      zipOf(pickle(...tensor(storage(), 0, "N", sizes(1)))),
      "the size of a tensor is None: it takes a tuple",
    ],
    [
      "whose tensor has 65 axes",
      zipOf(pickle(...tensor(storage(), 0, sizes(...Array<number>(65).fill(1)), sizes(1)))),
      "the size of a tensor has 65 axes, and a tensor at most 64",
    ],
    [
      "whose strides are too few",
      zipOf(pickle(...tensor(storage(), 0, sizes(2, 2), sizes(1)))),
      "a tensor has 2 sizes and 1 strides",
    ],
    [
      "whose tensor views a number",
      zipOf(pickle(...tensor("K\u0001", 0, sizes(1), sizes(1)))),
      "the pickle gives number where a storage belongs",
    ],
    [
      "whose untyped storage has no type",
      zipOf(pickle(...tensor(storage().replace("FloatStorage", "UntypedStorage"), 0, sizes(1), sizes(1)))),
      "a tensor of untyped storage names no type",
    ],
    [
      "with two tensors of one name",
      zipOf(pickle("}(", text("a.b"), ...view, text("a"), "}", text("b"), ...view, "su")),
      "two tensors are called a.b",
    ],
    [
      "whose containers contain themselves",
      zipOf(pickle("}q", 0, text("x"), "h", 0, "s")),
      `the pickle is nested too deeply or too often at ${"x.".repeat(64)}x`,
    ],
    [
      "of an unknown byte order",
      zipOf(pickle("N"), { "m/byteorder": FOUR_FLOATS.subarray(0, 1) }),
      'the byte order of the file is "\0", not little or big',
    ],
  ])("%s", async (_, bytes, message) => {
    await expect(opened(bytes)).rejects.toMatchObject({ code: "FORMAT", message });
  });

  test("whose pickle is too large to be read", async () => {
    const random = seededRandom(1);
    const packed = Uint8Array.from({ length: 200_000 }, () => random(256));
    const zip = makeZip([{ name: "m/data.pkl", bytes: packed, method: 8, claimed: 100_000_001 }]);
    const message = "m/data.pkl takes 100000001 bytes, and at most 100000000 are read";
    await expect(opened(zip)).rejects.toMatchObject({ code: "FORMAT", message });
  });

  test.each<[string, Uint8Array, string]>([
    [
      "without a pickle",
      makeZip([{ name: "notes.txt", bytes: FOUR_FLOATS }]),
      "this is a zip archive with 0 files called data.pkl",
    ],
    [
      "with a whole module",
      zipOf(pickle("(", text("module"), "NNtQ")),
      "the file holds a whole module with its code, not a state dictionary",
    ],
    [
      "with a lazily negated tensor",
      zipOf(pickle(...tensor(storage(), 0, sizes(4), sizes(1), `\u0089N}${text("neg")}\u0088s`))),
      "a tensor is conjugated or negated only when it is read",
    ],
    [
      "with a NumPy text",
      zipOf(pickle("cnumpy.core.multiarray\nscalar\n(cnumpy\ndtype\n", text("S1"), 0x85, "RC", 1, 65, "tR")),
      "NumPy scalars of type S1 are not read",
    ],
  ])("%s", async (_, bytes, message) => {
    await expect(opened(bytes)).rejects.toMatchObject({ code: "UNSUPPORTED", message });
  });

  test("with a NumPy number without bytes", async () => {
    const bytes = zipOf(pickle("cnumpy.core.multiarray\nscalar\n(cnumpy\ndtype\n", text("f8"), 0x85, "RNtR"));
    await expect(opened(bytes)).rejects.toMatchObject({
      code: "FORMAT",
      message: "a NumPy scalar has no bytes",
    });
  });
});

test("weights keep their prefix where a name beside them would become the same", async () => {
  const inner = ["}(", text("a"), ...tensor(storage(), 0, sizes(4), sizes(1)), text("step"), "K", 1, "u"];
  const file = await opened(zipOf(pickle("}(", text("model"), ...inner, text("step"), "K", 2, "u")));
  expect([...file.tensors.keys()]).toEqual(["model.a"]);
  expect(Object.fromEntries(file.metadata)).toEqual({ "model.step": "1", step: "2" });
});

test("containers contained ever more often are refused before they are walked through", async () => {
  const levels = Array.from({ length: 50 }, () => [
    "q",
    0,
    "0}",
    text("a"),
    "h",
    0,
    "s",
    text("b"),
    "h",
    0,
    "s",
  ]);
  const message = /^the pickle is nested too deeply or too often at a\.a/u;
  await expect(opened(zipOf(pickle("}", ...levels.flat())))).rejects.toMatchObject({
    code: "FORMAT",
    message: expect.stringMatching(message) as unknown,
  });
});

test("a long list contained very often is not looked through as often", async () => {
  const long = ["](", "N".repeat(60_000), "eq", 0];
  const bytes = zipOf(pickle("](", ...long, `h\0`.repeat(20_000), "}", "e"));
  const message = /^the pickle is nested too deeply or too often at \d+$/u;
  await expect(opened(bytes)).rejects.toMatchObject({ message: expect.stringMatching(message) as unknown });
});

test("what is long and there many times is told once, by its length", async () => {
  const long = `X\0\u0004\0\0${"x".repeat(1024)}`;
  const file = await opened(zipOf(pickle("}(", text("list"), "](", long, "q", 0, "h\0".repeat(63), "eu")));
  expect(file.metadata.get("list")!.length).toBeLessThan(64 * 210);
});

/** A file of the legacy format with one storage of four floats. */
function legacyOf(object: readonly (string | number)[], keys: string, count = 4): Uint8Array {
  const system = pickle("}", text("little_endian"), 0x88, "s");
  const parts = [pickle(...MAGIC), pickle("M", 0xe9, 3), system, pickle(...object), pickle(keys)];
  return Uint8Array.from([...parts.flatMap((part) => [...part]), count, 0, 0, 0, 0, 0, 0, 0, ...FOUR_FLOATS]);
}

const part = (offset: number, count: number): string =>
  `(${text("v")}K${String.fromCodePoint(offset)}K${String.fromCodePoint(count)}t`;
const legacyTensor = (view = "N"): (string | number)[] =>
  tensor(storage(4, "0", view), 0, sizes(2), sizes(1));

test("hand-worked: part of a storage in the legacy format", async () => {
  const file = await opened(legacyOf(legacyTensor(part(2, 2)), `]${text("0")}a`));
  expect(await file.tensors.get("made")!.bytes()).toEqual(FOUR_FLOATS.subarray(8));
});

describe("a file of the legacy format is refused", () => {
  test.each<[string, Uint8Array, string]>([
    [
      "whose part leaves its storage",
      legacyOf(legacyTensor(part(3, 2)), `]${text("0")}a`),
      "part of the storage 0 ends at byte 20 of 16",
    ],
    [
      "that lists another storage",
      legacyOf(legacyTensor(), `]${text("1")}a`),
      "the file lists the storage 1, which no tensor has or which is listed twice",
    ],
    [
      "that lists no storage",
      legacyOf(legacyTensor(), "]"),
      "the file lists 0 storages, and its tensors have 1",
    ],
    [
      "that is cut off",
      legacyOf(legacyTensor(), `]${text("0")}a`).subarray(0, -1),
      "the storages end at byte 168 of a file of 167",
    ],
    ["that stores before it begins", pickle("NQ"), "the pickle names a storage before its tensors begin"],
    [
      "that is no pickle",
      Uint8Array.of(1, 2, 3),
      "the file is neither a zip archive nor a pickle, as PyTorch writes them",
    ],
  ])("%s", async (_, bytes, message) => {
    await expect(opened(bytes)).rejects.toMatchObject({ code: "FORMAT", message });
  });

  test("whose storage has another count, when it is read", async () => {
    const file = await opened(legacyOf(legacyTensor(), `]${text("0")}a`, 5));
    const message = "the storage 0 has 5 elements, and the pickle says 4";
    await expect(file.tensors.get("made")!.bytes()).rejects.toMatchObject({ code: "FORMAT", message });
  });
});
