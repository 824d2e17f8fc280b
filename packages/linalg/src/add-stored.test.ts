import { decode, encode } from "@lora/tensor";
import { describe, expect, test } from "vitest";
import { engines } from "./engines.test-helper.ts";
import { strided, transposed } from "./ops/strided.ts";
import { transpose } from "./arrange.ts";
import { randomMatrix } from "./random-matrix.ts";
import { seededRandom } from "./seeded-random.ts";
import { referenceEngine } from "./reference-engine.ts";
import type { AnyMatrix } from "./matrix.ts";
import { STORED_TYPES, storedMatrix } from "./stored-matrix.ts";

/** Values whose products and sums of a few are exact in f32, so that every order of summing gives the same bits. */
function coarse(rows: number, cols: number, seed: number): ReturnType<typeof randomMatrix> {
  const made = randomMatrix(rows, cols, seed);
  made.data.forEach((value, i) => (made.data[i] = Math.round(value * 16) / 64));
  return made;
}

describe.each(engines)("%s", (_, engine) => {
  describe.each(STORED_TYPES)("%s", (dtype) => {
    test.each([
      [1, 1, 1],
      [5, 9, 3],
      [24, 16, 4],
      [25, 7, 16],
      [49, 2051, 5],
      [30, 40, 300],
      [7, 12, 600],
      [2, 3, 0],
    ])("%i × %i values are added to with %i terms as the reference does, to the bit", (m, n, k) => {
      const [a, b] = [coarse(m, k, 1), coarse(k, n, 2)];
      const values = randomMatrix(m, n, 3).data;
      for (const roundProduct of [false, true]) {
        const [bytes, expected] = [encode(values, dtype), encode(values, dtype)];
        const sum = { dtype, a: strided(a), b: transposed(strided(transpose(b))), alpha: 0.7, roundProduct };
        const facts = engine.addStored({ ...sum, bytes });
        const wanted = referenceEngine.addStored({ ...sum, bytes: expected });
        expect(bytes.findIndex((byte, i) => byte !== expected[i])).toBe(-1);
        expect(Math.abs(facts.squares - wanted.squares)).toBeLessThanOrEqual(1e-3 * wanted.squares);
        const [error, square] = [facts.errorSquares, wanted.errorSquares];
        expect(Math.abs(error - square)).toBeLessThanOrEqual(1e-3 * square);
      }
    });
  });

  test.each(
    (["f16", "bf16"] as const).flatMap((type) =>
      [1, 7, 8, 13, 70].flatMap((n) => [1, 8, 19, 40].map((k) => [type, n, k] as const)),
    ),
  )("a factor of %s, %i × %i, is the same as its values, whichever way it lies", (type, n, k) => {
    const a = coarse(5, k, 1);
    const wide = coarse(k, n, 2);
    const half = (x: typeof wide): AnyMatrix => storedMatrix(encode(x.data, type), type, [x.rows, x.cols]);
    for (const b of [strided(half(wide)), transposed(strided(half(transpose(wide))))]) {
      for (const dtype of STORED_TYPES) {
        const [bytes, expected] = [
          encode(new Float32Array(5 * n), dtype),
          encode(new Float32Array(5 * n), dtype),
        ];
        engine.addStored({ bytes, dtype, a: strided(a), b });
        referenceEngine.addStored({ bytes: expected, dtype, a: strided(a), b: strided(wide) });
        expect(bytes).toEqual(expected);
      }
    }
  });

  test.each(["f16", "bf16"] as const)("%s: nothing added leaves all finite patterns as they are", (dtype) => {
    const patterns = Uint16Array.from({ length: 65_536 }, (_unused, i) => i);
    const bytes = new Uint8Array(patterns.buffer);
    const kept = new Float32Array(patterns.length);
    decode(bytes, dtype, kept);
    const [a, b] = [coarse(256, 1, 1), { rows: 1, cols: 256, data: new Float64Array(256) }];
    engine.addStored({ bytes, dtype, a: strided(a), b: strided(b) });
    const after = new Float32Array(patterns.length);
    decode(bytes, dtype, after);
    expect(after.findIndex((value, i) => !Object.is(value, kept[i] + 0))).toBe(-1); // −0 + 0 is 0
  });

  test.each(["f16", "bf16"] as const)("%s: ties go to even, what is too large is infinite", (dtype) => {
    const [unit, large] = dtype === "f16" ? [2 ** -10, 65_504] : [2 ** -7, 2 ** 127 * (2 - 2 ** -7)];
    const values = [1, 1 + unit, 1, 1, large, -large, large, 2 ** -24];
    const added = [
      unit / 2,
      unit / 2,
      unit / 2 + 2 ** -20,
      -unit / 8,
      large * unit,
      -large * unit,
      1,
      2 ** -25,
    ];
    const bytes = encode(values, dtype);
    const [a, b] = [
      { rows: 1, cols: 1, data: Float64Array.of(1) },
      { rows: 1, cols: 8, data: Float64Array.from(added) },
    ];
    const facts = engine.addStored({ bytes, dtype, a: strided(a), b: strided(b) });
    const after = new Float64Array(8);
    decode(bytes, dtype, after);
    const last = dtype === "f16" ? 2 ** -23 : 2 ** -24 * 1.5;
    expect([...after]).toEqual([1, 1 + 2 * unit, 1 + unit, 1, Infinity, -Infinity, large, last]);
    expect(Number.isFinite(facts.errorSquares)).toBe(false);
  });

  test.each(["f16", "bf16"] as const)(
    "%s: what is not a number is written as one NaN, wherever from",
    (dtype) => {
      const [infinite, most] = dtype === "f16" ? [0x7c00, 0x7bff] : [0x7f80, 0x7f7f];
      const stored = Uint16Array.of(
        0x7fff,
        0xffff,
        infinite | 1,
        0x3c00,
        infinite,
        0x8000,
        most,
        0x3c00,
        0x3c00,
      );
      const factors = new Float32Array(9);
      new Uint32Array(factors.buffer).set([
        0, 0, 0, 0x7fff_ffff, 0xff80_0000, 0xffff_ffff, 0x7f80_0000, 0x7fa0_0000,
      ]);
      const sum = {
        dtype,
        a: strided({ rows: 1, cols: 1, data: Float32Array.of(1) }),
        b: strided({ rows: 1, cols: 9, data: factors }),
      };
      const [bytes, expected] = [
        new Uint8Array(stored.slice().buffer),
        new Uint8Array(stored.slice().buffer),
      ];
      engine.addStored({ ...sum, bytes });
      referenceEngine.addStored({ ...sum, bytes: expected });
      expect([...new Uint16Array(bytes.buffer)]).toEqual([...new Uint16Array(expected.buffer)]);
    },
  );

  test.each(STORED_TYPES)("%s: sums of every size have the bits of the reference", (dtype) => {
    const source = seededRandom(7);
    const random = (): number => source.uniform();
    const b = { rows: 1, cols: 4096, data: new Float32Array(4096) };
    for (let i = 0; i < 4096; i++) b.data[i] = (random() - 0.5) * 2 ** (300 * random() - 160);
    const values = Float64Array.from(
      b.data,
      (value) => value * (random() < 0.5 ? -1 : 2 ** (8 * random() - 4)),
    );
    for (const roundProduct of [false, true]) {
      const [bytes, expected] = [encode(values, dtype), encode(values, dtype)];
      const a = { rows: 1, cols: 1, data: Float32Array.of(1) };
      const sum = { dtype, a: strided(a), b: strided(b), alpha: 1, roundProduct };
      engine.addStored({ ...sum, bytes });
      referenceEngine.addStored({ ...sum, bytes: expected });
      expect(bytes.findIndex((byte, i) => byte !== expected[i])).toBe(-1);
    }
  });

  test("a product of another size is refused", () => {
    const [a, b] = [strided(coarse(2, 3, 1)), strided(coarse(3, 4, 1))];
    expect(() => engine.addStored({ bytes: new Uint8Array(15), dtype: "bf16", a, b })).toThrow(
      "2 × 3 times 3 × 4 cannot be added to 15 bytes of bf16",
    );
  });
});

test("kernels that a trial chooses among tell the same squares, to the bit", () => {
  const [a, b] = [randomMatrix(31, 9, 1), randomMatrix(9, 45, 2)];
  const values = randomMatrix(31, 45, 3).data;
  const facts = engines
    .filter(([id]) => id.includes("relaxed"))
    .map(([, engine]) =>
      STORED_TYPES.map((dtype) =>
        engine.addStored({ bytes: encode(values, dtype), dtype, a: strided(a), b: strided(b) }),
      ),
    );
  expect(facts).toEqual(facts.map(() => facts[0]));
});
