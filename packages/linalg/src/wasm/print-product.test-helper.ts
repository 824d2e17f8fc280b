// Run by a test in a process of its own: prints the last bits of some products, the same wherever kernels are sound.
import { multiply } from "../multiply.ts";
import { randomMatrix } from "../random-matrix.ts";
import { wasmEngine } from "./wasm-engine.ts";

const [a, b] = [randomMatrix(70, 600, 1), randomMatrix(600, 50, 2)];
const single = (values: Float64Array): Float32Array => Float32Array.from(values);
for (const kernel of ["relaxed-6x8", "relaxed-4x16"] as const) {
  const engine = wasmEngine({ kernel });
  // Often enough for what is optimised to run.
  for (let i = 0; i < 50; i++) multiply(a, b, { engine });
  const doubles = multiply(a, b, { engine });
  const singles = multiply(
    { ...a, data: single(a.data) },
    { ...b, data: single(b.data) },
    { engine, as: "f32" },
  );
  console.log(kernel, doubles.data.join(), singles.data.join());
}
