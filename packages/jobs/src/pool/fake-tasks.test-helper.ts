import { setTimeout } from "node:timers/promises";
import { LoraError } from "@lora/tensor";
import type { AnyTask } from "./serve-tasks.ts";
import type { PoolTask } from "./worker-pool.ts";

/** Gives its value back, after so many milliseconds. */
export const echo: PoolTask<{ readonly value: unknown; readonly after?: number }, unknown> = {
  name: "echo",
  async run({ value, after = 0 }) {
    await setTimeout(after);
    return value;
  },
};

/** Twice as many bytes as it was given. */
export const doubled: PoolTask<Uint8Array, Uint8Array> = {
  name: "doubled",
  run: (bytes) => new Uint8Array([...bytes, ...bytes]),
};

/** Fails as a job does, or as nobody foresaw. */
export const fail: PoolTask<"foreseen" | "unforeseen", never> = {
  name: "fail",
  run(how) {
    if (how === "unforeseen") throw new TypeError("x is not a function");
    const details = { tensor: "a.weight", index: 3, advice: "use an earlier save" };
    throw new LoraError("NUMERIC", "value 3 is NaN", details);
  },
};

/** Gives what cannot be posted. */
export const unpostable: PoolTask<null, unknown> = { name: "unpostable", run: () => ({ call: () => 1 }) };

/** Ends the thread it runs in. */
export const exit: PoolTask<number, never> = { name: "exit", run: (code) => process.exit(code) };

/** Asks what to add to each of its values, one after the other. */
export const askedSums: PoolTask<Float64Array, readonly number[], { readonly value: number }, number> = {
  name: "asked-sums",
  async run(values, _, { ask }) {
    const sums: number[] = [];
    for (const value of values) sums.push(value + (await ask({ value })));
    return sums;
  },
};

/** What the worker of the tests knows. */
export const fakeTasks: readonly AnyTask[] = [askedSums, echo, doubled, fail, unpostable, exit];
