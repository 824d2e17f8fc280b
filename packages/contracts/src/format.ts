import { bytesSource, type Format, memorySink } from "@lora/io";
import { LoraError, tensorFile, tensorOfValues } from "@lora/tensor";
import { describe, expect, test } from "vitest";

/** What every file format that is written must do: come back the same, and refuse a damaged head with a reason. */
export function testFormat(format: Format): void {
  const file = tensorFile({
    name: `sample${format.extensions[0]}`,
    tensors: [
      ["a.weight", tensorOfValues([1, 2, 3, 4, 5, 6], "f32", [2, 3])],
      ["b.half", tensorOfValues([0.5, -2], "f16", [2])],
      ["c.scalar", tensorOfValues([7], "i64", [])],
      ["d.empty", tensorOfValues([], "bf16", [0, 4])],
    ],
    metadata: [["note", "a “quoted” note"]],
  });

  describe(`${format.id} as a format`, () => {
    test("what is written is read again: names, order, types, shapes, bytes, metadata", async () => {
      const again = await format.open(bytesSource(await written(format, file), file.name));
      expect([...again.tensors.keys()]).toEqual([...file.tensors.keys()]);
      expect(again.metadata).toEqual(file.metadata);
      for (const [name, tensor] of file.tensors) {
        const read = again.tensors.get(name)!;
        expect([read.dtype, read.shape]).toEqual([tensor.dtype, tensor.shape]);
        expect(await read.bytes()).toEqual(await tensor.bytes());
      }
    });

    test("it knows its own files", async () => {
      expect(format.sniff(await written(format, file), file.name)).toBe(true);
    });

    test("a file cut anywhere is refused with an error of this toolkit", async () => {
      const bytes = await written(format, file);
      for (let length = 0; length < bytes.length; length++) {
        await expect(format.open(bytesSource(bytes.subarray(0, length), file.name))).rejects.toBeInstanceOf(
          LoraError,
        );
      }
    });

    test("a head with one bit turned is read or refused, never anything else", async () => {
      const bytes = await written(format, file);
      for (let bit = 0; bit < 8 * (bytes.length - DATA_BYTES); bit++) {
        const damaged = bytes.slice();
        damaged[bit >> 3] ^= 1 << (bit & 7);
        const outcome = await format.open(bytesSource(damaged, file.name)).catch((error: unknown) => error);
        expect(outcome instanceof LoraError || "tensors" in (outcome as object)).toBe(true);
      }
    });
  });
}

/** Of the values of the sample. */
const DATA_BYTES = 24 + 4 + 8;

async function written(format: Format, file: ReturnType<typeof tensorFile>): Promise<Uint8Array> {
  const sink = memorySink();
  await format.write!(file, sink);
  await sink.commit();
  return sink.bytes!;
}
