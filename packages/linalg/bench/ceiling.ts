import { assemble } from "../src/wasm/assembler/assemble.ts";
import { defineFunction } from "../src/wasm/assembler/define-function.ts";
import {
  advance,
  get,
  i32,
  load,
  loopWhile,
  op,
  sequence,
  set,
  store,
} from "../src/wasm/assembler/instructions.ts";
import type { Arithmetic } from "../src/wasm/kernels/lanes.ts";
import { multiplyAdd } from "../src/wasm/kernels/lanes.ts";
import type { Candidate } from "./measure.ts";

/** Independent sums, enough to hide the latency of an addition; turns of the loop, and steps a turn. */
const [SUMS, TURNS, STEPS] = [12, 20_000, 4];

/** Operations of one run of the loop. */
export function ceilingOperations({ lanes }: Arithmetic): number {
  return 2 * SUMS * TURNS * STEPS * lanes.count;
}

/** A loop that multiplies and adds in registers and does nothing else: what no kernel can be faster than. */
export function ceilingLoop(arithmetic: Arithmetic): Candidate {
  const loop = defineFunction({ name: "run", parameters: { turns: "i32" } }, ({ turns }, local) => {
    const sums = Array.from({ length: SUMS }, () => local("v128"));
    const [x, y] = [local("v128"), local("v128")];
    // Values of their own, read and kept, or the compiler would leave sums out.
    return sequence(
      set(x, load("v128.load", i32(0), 256)),
      set(y, load("v128.load", i32(0), 272)),
      ...sums.map((sum, i) => set(sum, load("v128.load", i32(0), 16 * i))),
      loopWhile(
        op("i32.lt_u", i32(0), get(turns)),
        ...Array.from({ length: STEPS }, () => sums.map((sum) => multiplyAdd(arithmetic, sum, x, y))).flat(),
        advance(turns, i32(-1)),
      ),
      ...sums.map((sum, i) => store("v128.store", i32(0), get(sum), 16 * i)),
    );
  });
  const memory = new WebAssembly.Memory({ initial: 1 });
  const module = new WebAssembly.Module(assemble([loop]));
  const run = new WebAssembly.Instance(module, { host: { memory } }).exports["run"] as (
    turns: number,
  ) => void;
  return { name: "ceiling", work: () => run(TURNS) };
}
