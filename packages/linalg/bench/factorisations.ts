// Factorisations and norms on the reference and on the best kernel, in milliseconds.
import {
  matrixMap,
  productSingularValues,
  productSpectrum,
  productSvd,
  randomMatrix,
  referenceEngine,
  singularValues,
  spectralNorm,
  svd,
  svdLowRank,
  wasmEngine,
} from "../src/index.ts";
import type { Engine } from "../src/index.ts";
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
  return [...ofProducts(), ...ofDense(), ...truncated(), ...norms()];
}

function ofProducts(): Calculation[] {
  return (["f64", "f32"] as const).flatMap((type) =>
    [32, 128].flatMap((rank): Calculation[] => {
      const [b, a] = [as(randomMatrix(1280, rank, 1), type), as(randomMatrix(rank, 1280, 2), type)];
      const shape = `${type} 1280² r=${rank}`;
      return [
        { name: `productSvd ${shape}`, run: (engine) => productSvd(b, a, { engine }) },
        { name: `productSpectrum ${shape}`, run: (engine) => productSpectrum(b, a, { engine }) },
        { name: `its values ${shape}`, run: (engine) => productSingularValues(b, a, { engine }) },
      ];
    }),
  );
}

function ofDense(): Calculation[] {
  return [512, 1024].flatMap((size): Calculation[] => {
    const a = randomMatrix(size, size, 3);
    const slow = size > 512;
    return [
      { name: `svd ${size}²`, slow, run: (engine) => svd(a, { engine }) },
      { name: `singularValues ${size}²`, slow, run: (engine) => singularValues(a, { engine }) },
    ];
  });
}

function truncated(): Calculation[] {
  return [
    [1280, 32],
    [4096, 64],
  ].map(([size, rank]): Calculation => {
    const a = as(randomMatrix(size, size, 4), "f32");
    const run = (engine: Engine): unknown => svdLowRank(a, { rank, as: "f32", engine });
    return { name: `svdLowRank f32 ${size}² r=${rank}`, slow: size > 1280, run };
  });
}

function norms(): Calculation[] {
  return [1280, 4096].map((size): Calculation => {
    const a = as(randomMatrix(size, size, 4), "f32");
    const run = (engine: Engine): unknown => spectralNorm(matrixMap(a, { engine }), { engine });
    return { name: `spectralNorm f32 ${size}²`, slow: size > 1280, run };
  });
}

/** All of them, engine by engine in turn. */
export function benchFactorisations(): void {
  title("factorisations", ["calculation", "engine", "best ms", "median", ""]);
  const wasm = wasmEngine();
  for (const { name, slow = false, run } of calculations()) {
    const engines = slow ? [wasm] : [referenceEngine, wasm];
    const times = measure(
      engines.map((engine) => ({ name: engine.id, work: () => run(engine) })),
      4,
      400,
    );
    for (const [engine, { best, median }] of times)
      row([name, engine, best.toFixed(2), median.toFixed(2), ""]);
  }
}
