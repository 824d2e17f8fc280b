import { Arena } from "./arena.ts";
import type { KernelFunction } from "./kernels/instantiate.ts";
import { accepts, instantiateTrial } from "./kernels/instantiate.ts";
import type { KernelName } from "./kernels/kernel-functions.ts";

/** Size of the product that is timed, of which every tile is a divisor; a tenth of a millisecond. */
const [ROWS, COLS, TERMS] = [48, 192, 256];
/** How often, and how often at most until all are optimised: what takes half of the first time is. */
const [ROUNDS, MOST_ROUNDS] = [10, 60];

/** The kernel that is as a rule the fastest, and those that are where registers are fewer or wider. */
const [USUAL, OTHERS] = ["relaxed-6x8", ["relaxed-4x8", "relaxed-4x16"]] as const;

/** The least share of time saved for which another tile is taken. */
const WORTH = 0.95;

/**
 * The best kernel this machine's engine accepts; `undefined` where it knows no SIMD. Where fused arithmetic is to be had,
 * it is used, and a trial of a few milliseconds says which of its tiles is faster: engines differ in how many
 * values they keep in registers, and how wide these are. All give the same bits, so that time never decides a result.
 */
export function chooseKernel(accepted: (name: KernelName) => boolean = accepts): KernelName | undefined {
  if (!accepted(USUAL)) return accepted("simd-4x8") ? "simd-4x8" : undefined;
  const arena = new Arena();
  const address = arena.allocate(4 * (ROWS * TERMS + COLS * TERMS + ROWS * COLS));
  const candidates = [USUAL, ...OTHERS].map((name) => {
    const multiplyPanels = instantiateTrial(name, arena.memory);
    const first = timeOf(multiplyPanels, address);
    return { name, multiplyPanels, first, best: first };
  });
  const allOptimised = (): boolean => candidates.every(({ first, best }) => best <= first / 2);
  // Turn by turn: the first rounds run before the functions are optimised, and any may be interrupted.
  for (let round = 0; round < ROUNDS || (round < MOST_ROUNDS && !allOptimised()); round++) {
    for (const each of candidates) each.best = Math.min(each.best, timeOf(each.multiplyPanels, address));
  }
  const [usual, ...others] = candidates;
  const fastest = others.reduce((one, other) => (other.best < one.best ? other : one));
  return fastest.best < WORTH * usual.best ? fastest.name : usual.name;
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
