import { Arena } from "./arena.ts";
import type { KernelFunction } from "./kernels/instantiate.ts";
import { accepts, instantiateTrial } from "./kernels/instantiate.ts";
import type { KernelName } from "./kernels/kernel-functions.ts";

/** Size of the product that is timed, of which either tile is a divisor; a tenth of a millisecond. */
const [ROWS, COLS, TERMS] = [48, 192, 256];
const ROUNDS = 10;

/** The least share of time saved for which the smaller tile is taken. */
const WORTH = 0.95;

/**
 * The best kernel this machine's engine accepts; `undefined` where it knows no SIMD. Where fused arithmetic is to be had,
 * it is used, and a trial of a few milliseconds says which of its tiles is faster: some engines keep the larger one
 * in registers and some do not. Both give the same bits, so that time never decides a result.
 */
export function chooseKernel(accepted: (name: KernelName) => boolean = accepts): KernelName | undefined {
  if (!accepted("relaxed-6x8")) return accepted("simd-4x8") ? "simd-4x8" : undefined;
  const arena = new Arena();
  const [larger, smaller] = (["relaxed-6x8", "relaxed-4x8"] as const).map((name) =>
    instantiateTrial(name, arena.memory),
  );
  const address = arena.allocate(4 * (ROWS * TERMS + COLS * TERMS + ROWS * COLS));
  let [best, bestSmaller] = [Infinity, Infinity];
  // Turn by turn: the first rounds run before the functions are optimised, and any may be interrupted.
  for (let round = 0; round < ROUNDS; round++) {
    best = Math.min(best, timeOf(larger, address));
    bestSmaller = Math.min(bestSmaller, timeOf(smaller, address));
  }
  return bestSmaller < WORTH * best ? "relaxed-4x8" : "relaxed-6x8";
}

/** Milliseconds for a product of zeros. */
function timeOf(multiplyPanels: KernelFunction, a: number): number {
  const b = a + 4 * ROWS * TERMS;
  const c = b + 4 * COLS * TERMS;
  const start = now();
  multiplyPanels(a, b, b, c, c, 4 * COLS, TERMS, 0);
  return now() - start;
}

function now(): number {
  // oxlint-disable-next-line no-restricted-properties -- only this trial reads the clock: it picks among equal results
  return performance.now();
}
