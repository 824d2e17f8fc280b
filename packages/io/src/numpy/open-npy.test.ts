import { expect, test } from "vitest";
import type { TensorFile } from "@lora/tensor";
import { bytesSource } from "../sources/bytes-source.ts";
import { makeZip } from "../zip/make-zip.test-helper.ts";
import { openNpy } from "./open-npy.ts";
import { openNpz } from "./open-npz.ts";

/** An array put together by hand: version 1, the dictionary as given, the elements. */
function npy(header: string, data: readonly number[] = [], version = 1): Uint8Array {
  const text = new TextEncoder().encode(header);
  const length =
    version === 1 ? [text.length & 0xff, text.length >> 8] : [text.length & 0xff, text.length >> 8, 0, 0];
  return Uint8Array.from([
    0x93,
    ...new TextEncoder().encode("NUMPY"),
    version,
    0,
    ...length,
    ...text,
    ...data,
  ]);
}

const fields = (descr: string, shape: string): string =>
  `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }\n`;
const opened = (bytes: Uint8Array): Promise<TensorFile> =>
  openNpy(bytesSource(bytes, "folder/w.v1.npy"), undefined);

test.each<[string, string, number[], string, number[]]>([
  ["bfloat16 as MLX writes it", fields("<V2", "(1,)"), [0x80, 0x3f], "bf16", [1]],
  ["sizes as Python 2 writes them", fields("|u1", "(1L, 2L)"), [1, 2], "u8", [1, 2]],
  ["the order of the machine", fields("=i2", "(1,)"), [1, 0], "i16", [1]],
  ["a text", fields("<U2", "()"), [65, 0, 0, 0, 66, 0, 0, 0], "numpy:<U2", []],
  ["a date", fields("<M8[ns]", "(1,)"), [0, 0, 0, 0, 0, 0, 0, 1], "numpy:<M8[ns]", [1]],
])("hand-worked: %s", async (_, header, data, dtype, shape) => {
  const tensor = (await opened(npy(header, data))).tensors.get("w.v1")!;
  expect([tensor.storedAs ?? tensor.dtype, tensor.shape]).toEqual([dtype, shape]);
  expect([...(await tensor.bytes())]).toEqual(data);
});

test.each<[string, Uint8Array, string]>([
  ["without the magic bytes", new Uint8Array(20), "the array does not begin with the magic bytes of NumPy"],
  [
    "with a huge header",
    npy("", [], 2).fill(0xff, 8, 10).fill(1, 10),
    "the header of the array claims 16908287 bytes, and at most 65536 are read",
  ],
  ["without a shape", npy("{'descr': '<f4'}"), `the header of the array is "{'descr': '<f4'}"`],
  [
    "whose sizes have no product",
    npy(fields("<f4", "(99999999999, 99999999999)")),
    "the array has the shape (99999999999, 99999999999)",
  ],
  [
    "with too few elements",
    npy(fields("<f4", "(2,)"), [1, 2, 3, 4]),
    "the array takes 8 bytes, and 4 follow its header",
  ],
])("an array %s is refused", async (_, bytes, message) => {
  await expect(opened(bytes)).rejects.toMatchObject({
    code: "FORMAT",
    message,
    facts: { file: "folder/w.v1.npy" },
  });
});

test.each<[string, Uint8Array, string]>([
  [
    "of objects",
    npy(fields("|O", "(1,)")),
    "arrays of type |O are not read: they hold Python objects or fields",
  ],
  [
    "of fields",
    npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}"),
    "arrays of type [('a', '<f4')] are not read: they hold Python objects or fields",
  ],
  ["of version 4", npy("{}", [], 4), "the array has version 4 of the format, and 1 to 3 are read"],
])("an array %s is not read", async (_, bytes, message) => {
  await expect(opened(bytes)).rejects.toMatchObject({ code: "UNSUPPORTED", message });
});

test("other members of an archive are listed", async () => {
  const members = [
    { name: "a.npy", bytes: npy(fields("|u1", "(1,)"), [7]) },
    { name: "notes.txt", bytes: Uint8Array.of(1) },
  ];
  const file = await openNpz(bytesSource(makeZip(members), "w.npz"));
  expect([...file.tensors.keys()]).toEqual(["a"]);
  expect(file.metadata).toEqual(new Map([["npz.ignored", "notes.txt"]]));
});

test("a broken array of an archive is named", async () => {
  const zip = makeZip([{ name: "a.npy", bytes: new Uint8Array(20) }]);
  await expect(openNpz(bytesSource(zip, "w.npz"))).rejects.toMatchObject({
    facts: { file: "w.npz", tensor: "a" },
  });
});
