// Other JavaScript libraries, and this one in the same rounds.
import { Matrix as DenseMatrix, SingularValueDecomposition } from "ml-matrix";
import { SVD } from "svd-js";
import { randomMatrix, svd, wasmEngine } from "../src/index.ts";
import { measure } from "./measure.ts";
import { peerProducts } from "./peer-products.ts";
import { as, productOf } from "./products.ts";
import { row, title } from "./table.ts";

/** Sizes of the SVD, and rounds: at the larger ones the peers take seconds, up to half a minute. */
const SVD_ROUNDS = { 128: 100, 512: 5, 1024: 2 } as const;

/** f32 products at these sizes. */
export async function benchPeers(sizes: readonly number[]): Promise<void> {
  const peers = await peerProducts();
  title("product beside peers, f32", ["size", "library", "GFLOP/s", "median", "ours / it"]);
  for (const size of sizes) {
    const [a, b] = [1, 2].map((seed) => as(randomMatrix(size, size, seed), "f32"));
    const own = productOf(wasmEngine(), [a, b], "f32");
    const times = measure([own, ...peers.map((peer) => peer(a, b))], 5, 300);
    const best = times.get(own.name)?.best ?? Number.NaN;
    for (const [name, time] of times) {
      const rate = (milliseconds: number): string => ((2 * size ** 3) / milliseconds / 1e6).toFixed(1);
      row([String(size), name, rate(time.best), rate(time.median), (time.best / best).toFixed(2)]);
    }
  }
  benchPeerSvd();
}

function benchPeerSvd(): void {
  title("svd beside peers, f64", ["size", "library", "best ms", "median", "it / ours"]);
  const engine = wasmEngine();
  for (const [size, rounds] of Object.entries(SVD_ROUNDS).map(([key, value]) => [Number(key), value])) {
    const a = randomMatrix(size, size, 3);
    const rows = Array.from({ length: size }, (_, i) => [...a.data.subarray(i * size, (i + 1) * size)]);
    const dense = new DenseMatrix(rows);
    const times = measure(
      [
        { name: engine.id, work: () => svd(a, { engine }) },
        { name: "ml-matrix", work: () => new SingularValueDecomposition(dense) },
        { name: "svd-js", work: () => SVD(rows) },
      ],
      rounds,
      0,
    );
    const best = times.get(engine.id)?.best ?? Number.NaN;
    for (const [name, time] of times)
      row([`${size}²`, name, time.best.toFixed(1), time.median.toFixed(1), (time.best / best).toFixed(1)]);
  }
}
