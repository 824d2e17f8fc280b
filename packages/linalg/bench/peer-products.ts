// Products of f32 by other libraries that run in Node without a native addon, each on one thread of WASM.
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { defaultDevice, init, numpy } from "@jax-js/jax";
import { setThreadsCount, setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { matMul, ready, setBackend, tensor2d } from "@tensorflow/tfjs-core";
import type { Matrix } from "../src/index.ts";
import type { Candidate } from "./measure.ts";

/** A library that multiplies: from two matrices that it takes in, to what it does again and again. */
export type PeerProduct = (a: Matrix, b: Matrix) => Candidate;

/** Makes the libraries ready. The matrices are theirs before the clock runs; the result is read back on it. */
export async function peerProducts(): Promise<PeerProduct[]> {
  setThreadsCount(1);
  const module = createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm");
  setWasmPaths(`${dirname(module)}/`);
  await setBackend("wasm");
  await ready();
  await init("wasm");
  defaultDevice("wasm");
  return [tfjs, jaxJs];
}

function tfjs(a: Matrix, b: Matrix): Candidate {
  const [left, right] = [a, b].map(({ rows, cols, data }) => tensor2d(Float32Array.from(data), [rows, cols]));
  return {
    name: "tfjs wasm",
    work() {
      const product = matMul(left, right);
      product.dataSync();
      product.dispose();
    },
  };
}

function jaxJs(a: Matrix, b: Matrix): Candidate {
  const [left, right] = [a, b].map(({ rows, cols, data }) =>
    numpy.array(Float32Array.from(data), { shape: [rows, cols] }),
  );
  return { name: "jax-js wasm", work: () => numpy.matmul(left.ref, right.ref).dataSync() };
}
