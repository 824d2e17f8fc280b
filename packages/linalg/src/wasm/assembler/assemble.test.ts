import { expect, test } from "vitest";
import { assemble } from "./assemble.ts";
import { defineFunction } from "./define-function.ts";
import { advance, get, i32, load, loopWhile, op, sequence, set, store, when } from "./instructions.ts";

test("a module of two functions runs: a sum over memory, and a branch", () => {
  const total = defineFunction(
    { name: "total", parameters: { from: "i32", end: "i32" }, result: "f64" },
    ({ from, end }, local) => {
      const sum = local("f64");
      return sequence(
        loopWhile(
          op("i32.lt_u", get(from), get(end)),
          set(sum, op("f64.add", get(sum), load("f64.load", get(from)))),
          advance(from, i32(8)),
        ),
        get(sum),
      );
    },
  );
  const mark = defineFunction({ name: "mark", parameters: { which: "i32" } }, ({ which }) =>
    when(
      get(which),
      store("f32.store", i32(0), [0x43, 0, 0, 0x80, 0x3f], 64), // 1
      store("f32.store", i32(0), [0x43, 0, 0, 0, 0x40], 64), // 2
    ),
  );
  const memory = new WebAssembly.Memory({ initial: 1 });
  new Float64Array(memory.buffer).set([1, 2, 4, 8]);
  const module = new WebAssembly.Module(assemble([total, mark]));
  const { exports } = new WebAssembly.Instance(module, { host: { memory } });
  const run = exports as Record<string, (...values: number[]) => number>;
  expect([run["total"](0, 32), run["total"](8, 24), run["total"](8, 8)]).toEqual([15, 6, 0]);
  run["mark"](1);
  expect(new Float32Array(memory.buffer)[16]).toBe(1);
  run["mark"](0);
  expect(new Float32Array(memory.buffer)[16]).toBe(2);
});
