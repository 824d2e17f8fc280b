import { encode, type Tensor } from "@lora/tensor";
import { afterAll, describe, expect, test } from "vitest";
import { webgpuBackend } from "../webgpu-backend.ts";
import type { WebGpuStorage } from "../webgpu-storage.ts";
import { dawnBackend } from "./dawn.test-helper.ts";

const { missing, device } = await dawnBackend();
const { backend: narrow, device: narrowDevice } = await dawnBackend({ mostBindingBytes: 2048 });

/** Milliseconds: software drivers compile blocks of registers for seconds, on a busy machine for long. */
const PATIENCE = { timeout: 180_000 };

/** Whole numbers from −4 to 4, of which every product and sum here is exact in f32. */
function wholeNumbers(rows: number, cols: number, seed: number): number[] {
  return Array.from(
    { length: rows * cols },
    (_, i) => ((i * 7 + seed * 13 + Math.floor(i / cols) * 5) % 9) - 4,
  );
}

type Side = readonly [rows: number, cols: number];

function upload(backend: typeof narrow, values: readonly number[], shape: Side): Tensor<WebGpuStorage> {
  return backend.upload(encode(values, "f32"), { dtype: "f32", shape }, "f32");
}

/** The product of values stored by rows, or by columns where turned. */
function expected(
  [m, k, n]: readonly [number, number, number],
  a: number[],
  b: number[],
  turned: boolean,
): number[] {
  return Array.from({ length: m * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    let sum = 0;
    for (let t = 0; t < k; t++) {
      sum += (turned ? a[t * m + i]! : a[i * k + t]!) * (turned ? b[j * k + t]! : b[t * n + j]!);
    }
    return sum;
  });
}

describe.skipIf(missing)("products, by each kernel", PATIENCE, () => {
  afterAll(() => device.destroy());

  describe.each(["tile", "block", "vector"] as const)("gemm-%s", (gemm) => {
    const backend = missing ? narrow : webgpuBackend(device, { gemm });

    test.each([
      [1, 1, 1, false],
      [15, 17, 16, false],
      [63, 16, 65, false],
      [64, 33, 64, true],
      [17, 15, 70, true],
      [5, 1100, 3, true],
    ] as const)("%i × %i · %i, transposed: %s", async (m, k, n, turned) => {
      const [a, b] = [wholeNumbers(m, k, 1), wholeNumbers(k, n, 2)];
      const args = {
        a: upload(backend, a, turned ? [k, m] : [m, k]),
        b: upload(backend, b, turned ? [n, k] : [k, n]),
        transA: turned,
        transB: turned,
      };
      const product = backend.run("gemm", args);
      expect([...(await backend.download(product))]).toEqual(expected([m, k, n], a, b, turned));
      expect(backend.gemm).toBe(`gemm-${gemm}`);
    });

    test("a NaN outside the result's row or column stays away", async () => {
      const a = wholeNumbers(65, 3, 1);
      a[64 * 3] = Number.NaN;
      const product = backend.run("gemm", {
        a: upload(backend, a, [65, 3]),
        b: upload(backend, wholeNumbers(3, 2, 2), [3, 2]),
      });
      const rows = [...(await backend.download(product))].flatMap((value, i) =>
        Number.isNaN(value) ? [i >> 1] : [],
      );
      expect(rows).toEqual([64, 64]);
    });
  });
});

describe.skipIf(missing)("blocks of registers, whatever the shape", PATIENCE, () => {
  describe.each(["128x128", "64x64", "128x32", "32x128"] as const)("%s", (blocks) => {
    const backend = missing ? narrow : webgpuBackend(narrowDevice, { gemm: "block", blocks });

    test.each([
      ["by fours", 132, 36, 136, false],
      ["value by value, transposed", 131, 17, 37, true],
    ] as const)("%s", async (_, m, k, n, turned) => {
      const [a, b] = [wholeNumbers(m, k, 1), wholeNumbers(k, n, 2)];
      const product = backend.run("gemm", {
        a: upload(backend, a, turned ? [k, m] : [m, k]),
        b: upload(backend, b, turned ? [n, k] : [k, n]),
        transA: turned,
        transB: turned,
      });
      expect([...(await backend.download(product))]).toEqual(expected([m, k, n], a, b, turned));
    });
  });
});

describe.skipIf(missing)("tensors larger than a binding", () => {
  test.each([
    ["left", 40, 30, 5],
    ["right", 3, 90, 40],
    ["result", 50, 2, 60],
    ["all", 37, 41, 43],
  ] as const)("products go by blocks: %s", async (_, m, k, n) => {
    const [a, b] = [wholeNumbers(m, k, 3), wholeNumbers(k, n, 4)];
    for (const turned of [false, true]) {
      const product = narrow.run("gemm", {
        a: upload(narrow, a, turned ? [k, m] : [m, k]),
        b: upload(narrow, b, turned ? [n, k] : [k, n]),
        transA: turned,
        transB: turned,
      });
      expect([...(await narrow.download(product))]).toEqual(expected([m, k, n], a, b, turned));
    }
  });

  test("packed operands go by blocks too", async () => {
    const [a, b] = [wholeNumbers(61, 31, 5), wholeNumbers(31, 7, 6)];
    const packed = narrow.upload(encode(a, "bf16"), { dtype: "bf16", shape: [61, 31] }, "f32");
    const product = narrow.run("gemm", { a: packed, b: upload(narrow, b, [31, 7]) });
    expect([...(await narrow.download(product))]).toEqual(expected([61, 31, 7], a, b, false));
  });

  test("element by element, and reductions", async () => {
    const values = wholeNumbers(70, 33, 7);
    const x = upload(narrow, values, [70, 33]);
    const doubled = narrow.run("map2", { kind: "add", x, y: x });
    expect([...(await narrow.download(doubled))]).toEqual(values.map((value) => 2 * value));
    const sum = (numbers: readonly number[]): number => numbers.reduce((total, value) => total + value, 0);
    const rows = Array.from({ length: 70 }, (_, i) => values.slice(i * 33, (i + 1) * 33));
    const columns = Array.from({ length: 33 }, (_, j) => rows.map((row) => row[j]!));
    const reduced = async (axis?: 0 | 1): Promise<number[]> => [
      ...(await narrow.download(
        narrow.run("reduce", { kind: "sum", x, ...(axis === undefined ? {} : { axis }) }),
      )),
    ];
    expect(await reduced()).toEqual([sum(values)]);
    expect(await reduced(0)).toEqual(columns.map(sum));
    expect(await reduced(1)).toEqual(rows.map(sum));
  });

  test("what cannot be cut is refused with the numbers, and known before", () => {
    const wide = upload(narrow, wholeNumbers(1, 600, 8), [1, 600]);
    const long = upload(narrow, wholeNumbers(600, 1, 8), [600, 1]);
    const limit = "is larger than what this device binds at once, 2048 bytes";
    expect(narrow.supports("gemm", { a: wide, b: long })).toBe(false);
    expect(() => narrow.run("gemm", { a: wide, b: long })).toThrow(`gemm: a row of 600 values ${limit}`);
    expect(() => narrow.run("gram", { x: wide })).toThrow(`gram: a row of 600 values ${limit}`);
    expect(() => narrow.run("reduce", { kind: "sum", x: wide, axis: 1 })).toThrow(
      `reduce: a row of 600 values ${limit}`,
    );
    expect(() => narrow.run("transpose", { x: wide })).toThrow(`transpose: a matrix of 2400 bytes ${limit}`);
    expect(narrow.supports("gram", { x: long })).toBe(true);
  });
});
