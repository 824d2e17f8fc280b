import { LoraError } from "@lora/tensor";
import { afterAll, describe, expect, test } from "vitest";
import { nodeWorker } from "../node/node-pool.ts";
import { createPool } from "./create-pool.ts";
import { askedSums, doubled, echo, exit, fail, unpostable } from "./fake-tasks.test-helper.ts";
import { inlinePool } from "./inline-pool.ts";
import type { Sent } from "./sent.ts";
import type { TaskRequest, WorkerPool } from "./worker-pool.ts";

const spawn = nodeWorker(new URL("fake-worker.test-helper.ts", import.meta.url));

function of<Input>(input: Input, signal?: AbortSignal): TaskRequest<Input> {
  return { bytes: 1, input: async () => input as Sent<Input>, signal };
}

const POOLS: [string, () => WorkerPool][] = [
  ["the calling thread", inlinePool],
  ["one worker", () => createPool({ size: 1, spawn })],
  ["three workers", () => createPool({ size: 3, spawn })],
];

describe.each(POOLS)("in %s", (_, open) => {
  const pool = open();
  afterAll(() => pool.close());

  test("every call gets its own result, whichever is done first", async () => {
    const values = [40, 0, 20, 0, 10, 0];
    const results = await Promise.all(values.map((after, value) => pool.run(echo, of({ value, after }))));
    expect(results).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test("bytes go there and back", async () => {
    expect(await pool.run(doubled, of(Uint8Array.of(1, 2)))).toEqual(Uint8Array.of(1, 2, 1, 2));
  });

  test("a task asks who wants its result, as often as it likes; others go on meanwhile", async () => {
    const ask = (values: readonly number[]): Promise<readonly number[]> =>
      pool.run(askedSums, { ...of(Float64Array.from(values)), answer: ({ value }) => 10 * value });
    const calls = [ask([1, 2]), pool.run(echo, of({ value: "meanwhile" })), ask([3])];
    expect(await Promise.all(calls)).toEqual([[11, 22], "meanwhile", [33]]);
  });

  test("a task whose question cannot be answered fails as the answer does", async () => {
    const answer = (): number => {
      throw new LoraError("USAGE", "nobody knows", { value: 1 });
    };
    const failing = pool.run(askedSums, { ...of(Float64Array.of(1)), answer });
    await expect(failing).rejects.toMatchObject({ code: "USAGE", message: "nobody knows" });
    expect(await pool.run(echo, of({ value: 1 }))).toBe(1);
  });

  test("a view of a larger buffer leaves the rest with its owner", async () => {
    const whole = Uint8Array.of(1, 2, 3, 4);
    expect(await pool.run(doubled, of(whole.subarray(1, 2)))).toEqual(Uint8Array.of(2, 2));
    expect(whole).toEqual(Uint8Array.of(1, 2, 3, 4));
  });

  test("an error of this toolkit keeps its code, rule, facts and advice", async () => {
    const error = await pool.run(fail, of("foreseen" as const)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(LoraError);
    expect((error as LoraError).toJSON()).toEqual({
      code: "NUMERIC",
      message: "value 3 is NaN",
      facts: { tensor: "a.weight", index: 3 },
      advice: "use an earlier save",
    });
  });

  test("an error that nobody foresaw keeps its name, its text and where it happened", async () => {
    const error = await pool.run(fail, of("unforeseen" as const)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: "TypeError", message: "x is not a function" });
    expect((error as Error).stack).toContain("fake-tasks");
  });

  test("an input that cannot be read fails its own call only", async () => {
    const broken = { bytes: 1, input: () => Promise.reject(new Error("the disk is gone")) };
    const [first, second] = [pool.run(echo, broken), pool.run(echo, of({ value: 2 }))];
    await expect(first).rejects.toThrow("the disk is gone");
    expect(await second).toBe(2);
  });

  test("a call that is cancelled while it waits reads nothing; the others go on", async () => {
    const cancelling = new AbortController();
    let read = false;
    const input = async (): Promise<{ value: number }> => ((read = true), { value: 1 });
    const before = Array.from({ length: 6 }, (__, value) => pool.run(echo, of({ value, after: 5 })));
    const cancelled = pool.run(echo, { bytes: 1, input, signal: cancelling.signal });
    cancelling.abort(new Error("enough"));
    await expect(cancelled).rejects.toMatchObject({ code: "ABORTED", message: "the work was cancelled" });
    expect(await Promise.all(before)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(read).toBe(false);
  });
});

test.each(POOLS)("when it is closed, what has not ended is cancelled: in %s", async (_, open) => {
  const pool = open();
  const calls = Array.from({ length: 5 }, () => pool.run(echo, of({ value: 1, after: 50 })).catch(String));
  await pool.close();
  await pool.close();
  const later = pool.run(echo, of({ value: 1 }));
  await expect(later).rejects.toMatchObject({ code: "ABORTED", message: "the pool of workers was closed" });
  const ended = await Promise.all(calls);
  expect(ended.slice(1)).toEqual(Array<string>(4).fill("LoraError: the pool of workers was closed"));
});

describe("a worker", () => {
  test("that dies fails its task, and the next task gets a new one", async () => {
    const pool = createPool({ size: 1, spawn });
    const [dying, next] = [pool.run(exit, of(3)), pool.run(echo, of({ value: "alive" }))];
    await expect(dying).rejects.toMatchObject({
      code: "IO",
      message: "a worker ended before its task did: exit code 3",
      facts: { task: "exit" },
    });
    expect(await next).toBe("alive");
    await pool.close();
  });

  test("that cannot start says why", async () => {
    const pool = createPool({ size: 1, spawn: nodeWorker(new URL("nowhere.js", import.meta.url)) });
    await expect(pool.run(echo, of({ value: 1 }))).rejects.toThrow(/its task did: Cannot find module/);
    await pool.close();
  });

  test("that made what cannot be posted says so", async () => {
    const pool = createPool({ size: 1, spawn });
    await expect(pool.run(unpostable, of(null))).rejects.toThrow(/could not be cloned/);
    await expect(pool.run(echo, of({ value: () => 1 }))).rejects.toThrow(/could not be cloned/);
    expect(await pool.run(echo, of({ value: 1 }))).toBe(1);
    await pool.close();
  });

  test("does not know the tasks of another list", async () => {
    const pool = createPool({ size: 1, spawn });
    const stranger = { name: "stranger", run: () => 1 };
    await expect(pool.run(stranger, of(1))).rejects.toThrow("the worker knows no task stranger");
    await pool.close();
  });
});
