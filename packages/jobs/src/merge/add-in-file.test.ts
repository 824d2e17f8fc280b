import { createHash } from "node:crypto";
import { randomMatrix, referenceEngine, strided, wasmEngine } from "@lora/linalg";
import { encode } from "@lora/tensor";
import { expect, test } from "vitest";
import type { TaskFiles } from "../pool/task-files.ts";
import { addInFile } from "./add-in-file.ts";

const [ROWS, COLS, TERMS] = [53, 8192, 3];

/** 53 rows of 16 KB, at 10 in one file and to be at 20 in another: more than go through at a time. */
function example(): { input: Parameters<typeof addInFile.run>[0]; from: Uint8Array; to: Uint8Array } {
  const single = (rows: number, cols: number, seed: number) => {
    const made = randomMatrix(rows, cols, seed);
    return { ...made, data: Float32Array.from(made.data, (value) => Math.round(value * 16) / 64) };
  };
  const from = new Uint8Array(10 + 2 * ROWS * COLS);
  from.set(encode(randomMatrix(ROWS, COLS, 3).data, "bf16"), 10);
  const input = {
    from: { path: "base", descriptor: 1, position: 10 },
    to: { path: "out", position: 20 },
    dtype: "bf16",
    left: single(ROWS, TERMS, 1),
    right: single(TERMS, COLS, 2),
    alpha: 0.5,
    roundProduct: false,
  } as const;
  return { input, from, to: new Uint8Array(20 + 2 * ROWS * COLS) };
}

function filesOf(from: Uint8Array, to: Uint8Array): TaskFiles {
  return {
    read: ({ position }, into) => into.set(from.subarray(position, position + into.length)),
    writing({ position }, work) {
      let end = position;
      return work((bytes) => {
        to.set(bytes, end);
        end += bytes.length;
      });
    },
    sha256: () => createHash("sha256"),
  };
}

/** Adding asks nothing. */
const nobody = (): Promise<never> => Promise.reject(new Error("asked"));

test.each([referenceEngine, wasmEngine()].map((engine) => [engine.id, engine] as const))(
  "%s adds to rows between files what it adds in memory",
  async (_, engine) => {
    const { input, from, to } = example();
    const bytes = from.slice(10);
    const { left, right, ...rest } = input;
    const wanted = engine.addStored({ ...rest, bytes, a: strided(left), b: strided(right) });
    const facts = await addInFile.run(input, engine, { files: filesOf(from, to), ask: nobody });
    expect(to.subarray(20).findIndex((byte, i) => byte !== bytes[i])).toBe(-1);
    expect(facts.squares / wanted.squares).toBeCloseTo(1, 3);
    expect(facts.errorSquares / wanted.errorSquares).toBeCloseTo(1, 3);
  },
);

test("a worker that reaches no files says so", () => {
  expect(() => addInFile.run(example().input, referenceEngine, { ask: nobody })).toThrow(
    "this worker does not reach files",
  );
});
