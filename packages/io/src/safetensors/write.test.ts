import * as fc from "fast-check";
import type { LazyTensor, Progress, TensorFile } from "@lora/tensor";
import { DTYPES, tensorFile, tensorOfBytes, tensorOfValues } from "@lora/tensor";
import { describe, expect, test } from "vitest";
import { memorySink } from "../sinks/memory-sink.ts";
import { bytesSource } from "../sources/bytes-source.ts";
import { safetensorsFileBytes } from "./file-bytes.ts";
import { openSafetensors } from "./open.ts";
import { STORED_TYPES } from "./stored-types.ts";
import { writeSafetensors } from "./write.ts";

async function written(file: TensorFile): Promise<Uint8Array> {
  const sink = memorySink();
  await writeSafetensors(file, sink);
  await sink.commit();
  return sink.bytes ?? new Uint8Array();
}

const small = tensorOfValues([1, 2], "f16", [2]);

/** Any tensor of any type that safetensors has, with few bytes. */
const anyTensor: fc.Arbitrary<LazyTensor> = fc
  .tuple(
    fc.constantFrom(...STORED_TYPES),
    fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 }),
    fc.infiniteStream(fc.nat({ max: 255 })),
  )
  .map(([[stored, { dtype, bits }], outer, stream]) => {
    // A last axis of 4 makes whole bytes of 4-bit and 6-bit types.
    const shape = bits < 8 ? [...outer, 4] : outer;
    const count = (shape.reduce((product, size) => product * size, 1) * bits) / 8;
    const bytes = Uint8Array.from({ length: count }, () => stream.next().value ?? 0);
    return tensorOfBytes(bytes, dtype, shape, dtype === "opaque" ? stored : undefined);
  });
const anyName = fc.string({ unit: "binary" }).filter((name) => name !== "__metadata__");

describe("what is written", () => {
  test("hand-worked: the file, byte by byte", async () => {
    const bytes = await written(tensorFile({ name: "new", tensors: [["a", small]], metadata: [["k", "v"]] }));
    const json = '{"__metadata__":{"k":"v"},"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}';
    const text = json.padEnd(80, " ");
    expect([...bytes.subarray(0, 8)]).toEqual([80, 0, 0, 0, 0, 0, 0, 0]);
    expect(new TextDecoder().decode(bytes.subarray(8, 88))).toBe(text);
    expect([...bytes.subarray(88)]).toEqual([0, 0x3c, 0, 0x40]);
  });

  test("any checkpoint is read as it was written, and takes the bytes that were foretold", async () => {
    const tensors = fc.uniqueArray(fc.tuple(anyName, anyTensor), {
      selector: ([name]) => name,
      maxLength: 8,
    });
    const metadata = fc.uniqueArray(fc.tuple(fc.string(), fc.string()), {
      selector: ([key]) => key,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(tensors, metadata, async (named, pairs) => {
        const file = tensorFile({ name: "any", tensors: named, metadata: pairs });
        const bytes = await written(file);
        const again = await openSafetensors(bytesSource(bytes, "again"));
        expect(new Map(again.metadata)).toEqual(file.metadata);
        expect(bytes.length).toBe(safetensorsFileBytes(file.tensors, file.metadata));
        expect(new Set(again.tensors.keys())).toEqual(new Set(file.tensors.keys()));
        for (const [name, tensor] of file.tensors) {
          const same = again.tensors.get(name);
          expect([same?.dtype, same?.storedAs, same?.shape]).toEqual([
            tensor.dtype,
            tensor.storedAs,
            tensor.shape,
          ]);
          expect(await same?.bytes()).toEqual(await tensor.bytes());
        }
      }),
      { seed: 5, numRuns: 200 },
    );
  });

  test("every type but the quantised ones has a name in the format", () => {
    const stored = new Set<string>(Array.from(STORED_TYPES.values(), ({ dtype }) => dtype));
    const others = Object.entries(DTYPES).filter(([, { kind }]) => kind !== "quantised");
    expect(stored).toEqual(new Set(others.map(([dtype]) => dtype)));
  });

  test("large tensors are pulled by rows of at most 64 MB together, large opaque ones whole", async () => {
    const pulled: unknown[] = [];
    const large = (dtype: "u8" | "opaque", shape: number[]): LazyTensor => ({
      dtype,
      shape,
      byteLength: 3 * 2 ** 25,
      storedAs: "F8_E8M0",
      async bytes(rows) {
        pulled.push(rows);
        return new Uint8Array(rows === undefined ? 3 * 2 ** 25 : (rows[1] - rows[0]) * 2 ** 25);
      },
    });
    const file = tensorFile({
      name: "large",
      tensors: [
        ["rows", large("u8", [3, 2 ** 25])],
        ["flat", large("opaque", [3 * 2 ** 25])],
      ],
    });
    const discard = { write: async () => {}, commit: async () => {}, abort: async () => {} };
    await writeSafetensors(file, discard);
    expect(pulled).toEqual([[0, 2], [2, 3], undefined]);
  });

  test("progress counts bytes up to the size of the file", async () => {
    const steps: Progress[] = [];
    const file = tensorFile({
      name: "new",
      tensors: [
        ["a", small],
        ["b", small],
      ],
    });
    const bytes = await writeSafetensors(file, memorySink(), {
      onProgress: (progress) => steps.push(progress),
    });
    expect(steps.map(({ done }) => done)).toEqual([bytes - 8, bytes - 4, bytes]);
    expect(steps.at(-1)).toEqual({ phase: "writing", done: bytes, total: bytes, unit: "bytes" });
  });
});

describe("what is refused", () => {
  const cases: [title: string, name: string, tensor: LazyTensor, code: string, message: string][] = [
    [
      "a tensor called like the metadata",
      "__metadata__",
      small,
      "USAGE",
      "a tensor cannot be called __metadata__",
    ],
    [
      "a size that is not that of the shape",
      "a",
      { ...small, byteLength: 5 },
      "SHAPE",
      "2 of f16 takes 4 bytes, and the tensor says 5",
    ],
    [
      "an opaque tensor without the name of its type",
      "a",
      tensorOfBytes(new Uint8Array(3), "opaque", [3]),
      "DTYPE",
      "the type opaque has no name to store it under",
    ],
    [
      "fewer bytes than promised",
      "a",
      { ...small, bytes: async () => new Uint8Array(3) },
      "SHAPE",
      "the tensor gave 3 bytes, and 4 were promised",
    ],
    [
      "fewer bytes of some rows",
      "a",
      { dtype: "u8", shape: [2 ** 26, 2], byteLength: 2 ** 27, bytes: async () => new Uint8Array(3) },
      "SHAPE",
      "rows 0 to 33554432 gave 3 bytes, and 67108864 were promised",
    ],
  ];
  test.each(cases)("%s", async (_, name, tensor, code, message) => {
    const file = tensorFile({ name: "new", tensors: [[name, tensor]] });
    await expect(writeSafetensors(file, memorySink())).rejects.toMatchObject({
      code,
      message,
      facts: { tensor: name },
    });
  });

  test("a header of more than 100 MB", () => {
    const metadata = new Map([["k", "x".repeat(1e8)]]);
    const error = {
      code: "USAGE",
      message: "the header takes 100000032 bytes, and the format allows 100000000",
    };
    expect(() => safetensorsFileBytes([], metadata)).toThrow(expect.objectContaining(error));
  });

  test("the size of an opaque tensor that is not given", () => {
    const error = { code: "DTYPE", message: "the size of an opaque tensor has to be given" };
    const specs = [["a", { dtype: "opaque", shape: [4], storedAs: "F4" }]] as const;
    expect(() => safetensorsFileBytes(specs)).toThrow(expect.objectContaining(error));
  });

  test("work that was cancelled, at the next tensor", async () => {
    const controller = new AbortController();
    const stopping = { ...small, bytes: () => (controller.abort(), small.bytes()) };
    const file = tensorFile({
      name: "new",
      tensors: [
        ["a", stopping],
        ["b", small],
      ],
    });
    const writing = writeSafetensors(file, memorySink(), { signal: controller.signal });
    await expect(writing).rejects.toMatchObject({ code: "ABORTED", facts: { tensor: "b" } });
  });
});
