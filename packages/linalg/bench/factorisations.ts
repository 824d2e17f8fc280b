// Factorisations and norms on the reference and on the best kernel, in milliseconds.
import {
  matrixMap,
  productSvd,
  randomMatrix,
  referenceEngine,
  spectralNorm,
  svd,
  wasmEngine,
} from "../src/index.ts";
import type { Engine } from "../src/index.ts";
import { svdLowRank } from "../src/index.ts";
import { measure } from "./measure.ts";
import { as } from "./products.ts";
import { row, title } from "./table.ts";

/** A calculation on an engine; `slow` where the reference takes more than some seconds. */
interface Calculation {
  readonly name: string;
  readonly slow?: boolean;
  readonly run: (engine: Engine) => unknown;
}

function calculations(): Calculation[] {
  const products = [32, 128].map((rank): Calculation => {
    const [b, a] = [randomMatrix(1280, rank, 1), randomMatrix(rank, 1280, 2)];
    return { name: `productSvd 1280² r=${rank}`, run: (engine) => productSvd(b, a, { engine }) };
  });
  const dense = [512, 1024].map((size): Calculation => {
    const a = randomMatrix(size, size, 3);
    return { name: `svd ${size}²`, slow: size > 512, run: (engine) => svd(a, { engine }) };
  });
  const norms = [1280, 4096].map((size): Calculation => {
    const a = as(randomMatrix(size, size, 4), "f32");
    const run = (engine: Engine): unknown => spectralNorm(matrixMap(a, { engine }), { engine });
    return { name: `spectralNorm f32 ${size}²`, slow: size > 1280, run };
  });
  const weight = as(randomMatrix(1280, 1280, 4), "f32");
  const truncated: Calculation = {
    name: "svdLowRank f32 1280² r=32",
    run: (engine) => svdLowRank(matrixMap(weight, { engine }), { rank: 32, engine }),
  };
  return [...products, ...dense, ...norms, truncated];
}

/** All of them, engine by engine in turn. */
export function benchFactorisations(): void {
  title("factorisations", ["calculation", "engine", "best ms", "median", ""]);
  const wasm = wasmEngine();
  for (const { name, slow = false, run } of calculations()) {
    const engines = slow ? [wasm] : [referenceEngine, wasm];
    const times = measure(
      engines.map((engine) => ({ name: engine.id, work: () => run(engine) })),
      3,
      300,
    );
    for (const [engine, { best, median }] of times)
      row([name, engine, best.toFixed(2), median.toFixed(2), ""]);
  }
}
