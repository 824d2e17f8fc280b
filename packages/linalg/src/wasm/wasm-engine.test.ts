import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import type { Engine } from "../engine.ts";
import type { Matrix } from "../matrix.ts";
import { multiply } from "../multiply.ts";
import { randomMatrix } from "../random-matrix.ts";
import { chooseKernel } from "./choose-kernel.ts";
import { accepts } from "./kernels/instantiate.ts";
import type { KernelName } from "./kernels/kernel-functions.ts";
import { referenceEngine } from "../reference-engine.ts";
import { compileKernels, tested, wasmEngine } from "./wasm-engine.ts";

const [a, b] = [randomMatrix(70, 300, 1), randomMatrix(300, 50, 2)];

test("the fastest kernel is chosen among those accepted", () => {
  expect(wasmEngine().id).toMatch(
    accepts("relaxed-6x8") ? /^wasm relaxed-(4x8|6x8|4x16)$/ : /^wasm simd-4x8$/,
  );
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
    "every tile gives the same bits as %s, so that a trial may choose",
    (as) => {
      const single = (x: Matrix): Matrix => ({ ...x, data: Float32Array.from(x.data) });
      const products = (["relaxed-4x8", "relaxed-6x8", "relaxed-4x16"] as const).map((kernel) => {
        return multiply(single(a), single(b), { as, engine: wasmEngine({ kernel }) });
      });
      for (const product of products) expect(product).toEqual(products[0]);
    },
  );
});

test("an engine of what another thread compiled gives the same bits", () => {
  const compiled = structuredClone(compileKernels());
  const [own, shared] = [wasmEngine({ kernel: compiled!.name }), wasmEngine({ compiled })];
  expect(shared.id).toBe(own.id);
  expect(multiply(a, b, { engine: shared })).toEqual(multiply(a, b, { engine: own }));
});

test("a kernel that is not accepted here is refused, and where none is, none is chosen", () => {
  expect(() => wasmEngine({ kernel: "simd-9x9" as KernelName })).toThrow(
    "this JavaScript engine does not accept the kernel simd-9x9",
  );
  expect(chooseKernel(() => false)).toBeUndefined();
  expect(chooseKernel((name) => name === "simd-4x8")).toBe("simd-4x8");
});

describe("the self-test", () => {
  const wrongly: Record<string, (engine: Engine) => Partial<Engine>> = {
    "adds where it should overwrite": ({ gemm }) => ({ gemm: (product) => gemm({ ...product, add: true }) }),
    "leaves a factor out": ({ gemm }) => ({ gemm: (product) => gemm({ ...product, alpha: 1 }) }),
    "does not reflect": () => ({ reflect: () => {} }),
    "does not solve": () => ({ solveTriangular: () => {} }),
    "widens the other type": ({ widen }) => ({ widen: (values) => widen({ ...values, from: "bf16" }) }),
    "does not add to what is stored": () => ({ addStored: () => ({ squares: 0, errorSquares: 0 }) }),
    "does not multiply with what is stored": ({ withStored }) => ({
      withStored: (weight, work) =>
        withStored(weight, (map) => work({ ...map, multiply: map.multiplyTransposed })),
    }),
    "does not turn vectors": ({ withRows }) => ({
      withRows: (vectors, work) => withRows(vectors, (rows) => work({ ...rows, rotate: () => {} })),
    }),
  };

  test.each(Object.entries(wrongly))("an engine is refused that %s", (_, change) => {
    const engine = { ...referenceEngine, id: "one that errs" };
    expect(tested(engine, { thorough: true })).toBe(engine);
    expect(() => tested({ ...engine, ...change(engine) }, { thorough: true })).toThrow(
      "one that errs does not calculate what the reference does",
    );
  });

  // The flag is V8's; other engines and older ones refuse to start with it.
  const flag = "--experimental-wasm-revectorize";
  test.skipIf(spawnSync(process.execPath, [flag, "-e", ""]).status !== 0)(
    "is passed, with the same bits, where V8 joins vectors",
    () => {
      const [joined, plain] = [[flag], []].map((flags) => {
        const options = [...flags, "--conditions=@lora/source", "--input-type=module", "-e", printProducts];
        return spawnSync(process.execPath, options, { encoding: "utf8" });
      });
      expect(joined.stderr).toBe("");
      expect(joined.stdout.length).toBeGreaterThan(1e5);
      expect(joined.stdout).toBe(plain.stdout);
    },
  );
});

/** Prints products of both types on the kernels that V8 joins vectors of, made often enough to be optimised. */
const printProducts = `
  import { multiply, randomMatrix, wasmEngine } from ${JSON.stringify(new URL("../index.ts", import.meta.url).href)};
  const pair = [randomMatrix(70, 600, 1), randomMatrix(600, 50, 2)];
  const singles = pair.map((x) => ({ ...x, data: Float32Array.from(x.data) }));
  const halves = Uint16Array.from({ length: 70 * 600 }, (_, i) => (i % 3) * 0x4000 + ((i * 7919) % 0x3c00));
  const weight = { rows: 70, cols: 600, dtype: "f16", data: halves };
  for (const kernel of ["relaxed-6x8", "relaxed-4x16"]) {
    const engine = wasmEngine({ kernel });
    const held = engine.withStored(weight, (map) => {
      for (let i = 0; i < 50; i++) map.multiplyTransposed(map.multiply(singles[1]));
      return [map.multiply(singles[1]), map.multiplyTransposed(map.multiply(singles[1]))];
    });
    console.log(...held.map(({ data }) => data.join()));
    for (let i = 0; i < 50; i++) multiply(...pair, { engine });
    for (let i = 0; i < 50; i++) multiply(...singles, { engine, as: "f32" });
    console.log(multiply(...pair, { engine }).data.join(), multiply(...singles, { engine, as: "f32" }).data.join());
  }
`;
