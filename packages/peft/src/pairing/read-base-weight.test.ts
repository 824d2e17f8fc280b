import { tensorOfValues } from "@lora/tensor";
import { expect, test } from "vitest";
import { readBaseWeight } from "./read-base-weight.ts";

const tensor = tensorOfValues([1, 2, 3, 4, 5, 6], "f16", [3, 2]);

test.each([
  ["as it is", { transposed: false }, [3, 2], [3, 2], [1, 2, 3, 4, 5, 6]],
  ["turned", { transposed: true }, [2, 3], [2, 3], [1, 3, 5, 2, 4, 6]],
  ["its rows of a fused tensor", { transposed: false, rows: [1, 3] as const }, [2, 2], [2, 2], [3, 4, 5, 6]],
  ["flattened", { transposed: false }, [3, 1, 2, 1], [3, 2], [1, 2, 3, 4, 5, 6]],
])("a base weight is read %s, in f64 or f32", async (_, place, shape, size, values) => {
  for (const as of ["f64", "f32"] as const) {
    const weight = await readBaseWeight({ name: "w", tensor, ...place }, { shape }, { as });
    expect([weight.rows, weight.cols, [...weight.data]]).toEqual([...size, values]);
    expect(weight.data).toBeInstanceOf(as === "f64" ? Float64Array : Float32Array);
  }
});
