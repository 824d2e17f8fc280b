import { type Codec, DTYPES, type DType } from "@lora/tensor";
import { describe, expect, test } from "vitest";

/**
 * What every codec must do: give back each stored pattern, read from odd addresses, stay inside its range; one
 * that is only read, give the same values whole and in parts.
 */
export function testCodec(codec: Codec): void {
  const { dtype, encode } = codec;
  if (encode === undefined) {
    testReadOnly(codec);
    return;
  }
  const size = DTYPES[dtype].bits / 8;

  describe(`${dtype} as a codec`, () => {
    test("every pattern, or 4,096 of them, decodes and encodes to itself", () => {
      const stored = patterns(size, dtype);
      const values = decoded(codec, stored, stored.length / size);
      const again = new Uint8Array(stored.length);
      encode(
        values.map((value) => (Number.isNaN(value) ? 0 : value)),
        again,
      );
      values.forEach((value, index) => {
        if (Number.isNaN(value)) return;
        const [from, to] = [index * size, (index + 1) * size];
        expect(again.subarray(from, to)).toEqual(stored.subarray(from, to));
      });
    });

    test("values are read from an odd address and nothing outside them is touched", () => {
      const buffer = new Uint8Array(3 * size + 3).fill(0xff);
      const inside = buffer.subarray(1, 1 + 3 * size);
      encode([1, 0, 1], inside);
      expect([...decoded(codec, inside, 3)]).toEqual([1, 0, 1]);
      expect([buffer[0], ...buffer.subarray(1 + 3 * size)]).toEqual([0xff, 0xff, 0xff]);
    });
  });
}

/** Blocks of seeded bytes: where one lies, and what it is decoded to, must not change what it holds. */
function testReadOnly(codec: Codec): void {
  const { bits, block } = DTYPES[codec.dtype];
  const size = (bits * block) / 8;
  const stored = Uint8Array.from({ length: 5 * size }, (_, i) => (i * 151 + (i >> 3) * 29) & 0x3b);

  test(`${codec.dtype} as a codec that is only read: blocks alone, from odd addresses and as f32 are the same`, () => {
    const whole = decoded(codec, stored, 5 * block);
    const shifted = new Uint8Array(stored.length + 1).subarray(1);
    shifted.set(stored);
    expect(decoded(codec, shifted, 5 * block)).toEqual(whole);
    const narrow = new Float32Array(5 * block);
    codec.decode(stored, narrow);
    expect(Float64Array.from(narrow)).toEqual(whole);
    for (let at = 0; at < 5; at += 1) {
      const alone = decoded(codec, stored.subarray(at * size, (at + 1) * size), block);
      expect(alone).toEqual(whole.subarray(at * block, (at + 1) * block));
    }
  });
}

function decoded(codec: Codec, bytes: Uint8Array, count: number): Float64Array {
  const out = new Float64Array(count);
  codec.decode(bytes, out);
  return out;
}

/** All patterns of a type of one or two bytes; of a wider one, small whole numbers, which all of them hold. */
function patterns(size: number, dtype: DType): Uint8Array {
  if (dtype === "bool") return Uint8Array.of(0, 1);
  if (size === 1) return Uint8Array.from({ length: 256 }, (_, pattern) => pattern);
  if (size === 2) return new Uint8Array(Uint16Array.from({ length: 65_536 }, (_, pattern) => pattern).buffer);
  const whole = Array.from({ length: 4096 }, (_, value) => value);
  if (DTYPES[dtype].kind === "integer") {
    return new Uint8Array(
      size === 4 ? Uint32Array.from(whole).buffer : BigUint64Array.from(whole, BigInt).buffer,
    );
  }
  return new Uint8Array(size === 4 ? Float32Array.from(whole).buffer : Float64Array.from(whole).buffer);
}
