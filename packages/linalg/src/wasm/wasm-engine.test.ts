import { describe, expect, test } from "vitest";
import type { Matrix } from "../matrix.ts";
import { multiply } from "../multiply.ts";
import { randomMatrix } from "../random-matrix.ts";
import { chooseKernel } from "./choose-kernel.ts";
import { accepts } from "./kernels/instantiate.ts";
import type { KernelName } from "./kernels/kernel-functions.ts";
import { wasmEngine } from "./wasm-engine.ts";

const [a, b] = [randomMatrix(70, 300, 1), randomMatrix(300, 50, 2)];

test("the fastest kernel is chosen among those accepted", () => {
  expect(wasmEngine().id).toMatch(accepts("relaxed-6x8") ? /^wasm relaxed-[46]x8$/ : /^wasm simd-4x8$/);
});

test.each(["simd-4x8", "relaxed-4x8", "relaxed-6x8"] as const)("%s gives the same bits again", (kernel) => {
  if (!accepts(kernel)) return;
  const products = [wasmEngine({ kernel }), wasmEngine({ kernel })].map((engine) =>
    multiply(a, b, { engine }),
  );
  expect(products[0]).toEqual(products[1]);
});

describe.skipIf(!accepts("relaxed-6x8"))("relaxed SIMD", () => {
  test.each(["f64", "f32"] as const)(
    "either tile gives the same bits as %s, so that a trial may choose",
    (as) => {
      const single = (x: Matrix): Matrix => ({ ...x, data: Float32Array.from(x.data) });
      const [four, six] = (["relaxed-4x8", "relaxed-6x8"] as const).map((kernel) => {
        return multiply(single(a), single(b), { as, engine: wasmEngine({ kernel }) });
      });
      expect(four).toEqual(six);
    },
  );
});

test("a kernel that is not accepted here is refused, and where none is, none is chosen", () => {
  expect(() => wasmEngine({ kernel: "simd-9x9" as KernelName })).toThrow(
    "this JavaScript engine does not accept the kernel simd-9x9",
  );
  expect(chooseKernel(() => false)).toBeUndefined();
  expect(chooseKernel((name) => name === "simd-4x8")).toBe("simd-4x8");
});
