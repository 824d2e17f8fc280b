import { expect, test } from "vitest";
import { chooseKernel } from "./choose-kernel.ts";

test.each([
  [{ software: false }, "gemm-block"],
  [{ software: true }, "gemm-vector"],
  [{ software: false, gemm: "tile" }, "gemm-tile"],
  [{ software: true, gemm: "half" }, "gemm-half"],
] as const)("%o multiplies by %s", (choice, id) => {
  expect(chooseKernel(choice)("gemm").id).toBe(id);
});

test("there is one kernel for every other operation, whatever the device", () => {
  for (const op of ["axpy", "gram", "map2", "reduce", "scale", "transpose"] as const) {
    expect(chooseKernel({ software: true })(op)).toBe(chooseKernel({ software: false })(op));
  }
});
