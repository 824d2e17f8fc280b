import { getEventListeners } from "node:events";
import { setImmediate } from "node:timers/promises";
import type { CompiledKernels } from "@lora/linalg";
import { expect, test } from "vitest";
import { createPool } from "./create-pool.ts";
import type { AnswerMessage } from "./messages.ts";
import type { WorkerPool } from "./worker-pool.ts";
import type { PoolWorker, Spawn, WorkerEvents } from "./worker-seat.ts";

/** Workers that answer when the test says so. */
class Hand {
  readonly workers: WorkerEvents[] = [];
  /** Inputs that have been read, in order. */
  readonly read: number[] = [];
  /** Inputs that have been posted, with the worker they went to. */
  readonly posted: [input: unknown, worker: number][] = [];
  readonly answers: AnswerMessage[] = [];
  /** What each worker was made from. */
  readonly given: unknown[] = [];
  terminated = 0;

  readonly spawn: Spawn = (events, compiled): PoolWorker => {
    this.given.push(compiled);
    const index = this.workers.push(events) - 1;
    return {
      post: (message) => {
        if ("task" in message) this.posted.push([message.input, index]);
        else this.answers.push(message);
      },
      terminate: async () => void (this.terminated += 1),
    };
  };

  run(pool: WorkerPool, id: number, bytes = 1): Promise<unknown> {
    const input = async (): Promise<number> => (this.read.push(id), id);
    return pool.run({ name: "task", run: (value: number) => value }, { bytes, input });
  }

  async answer(worker: number, result: unknown, lane = 0): Promise<void> {
    this.workers[worker]!.reply({ lane, result });
    await setImmediate();
  }
}

test("one task a worker runs, one more is read, in the order of the calls", async () => {
  const hand = new Hand();
  const pool = createPool({ size: 2, spawn: hand.spawn });
  const calls = [1, 2, 3, 4, 5, 6].map((id) => hand.run(pool, id));
  await setImmediate();
  expect(hand.read).toEqual([1, 2, 3, 4]);
  expect(hand.posted).toEqual([
    [1, 0],
    [2, 1],
  ]);
  await hand.answer(1, "two");
  expect(await calls[1]).toBe("two");
  expect(hand.read).toEqual([1, 2, 3, 4, 5]);
  expect(hand.posted.at(-1)).toEqual([3, 1]);
});

test("no input is read that would exceed the bytes in flight; one that alone exceeds them is", async () => {
  const hand = new Hand();
  const pool = createPool({ size: 2, spawn: hand.spawn, maxBytesInFlight: 10 });
  const sizes = [6, 4, 1, 50, 1];
  const calls = sizes.map((bytes, id) => hand.run(pool, id, bytes));
  await setImmediate();
  expect(hand.read).toEqual([0, 1]);
  await hand.answer(0, "done");
  await hand.answer(1, "done");
  expect(hand.read).toEqual([0, 1, 2]);
  await hand.answer(hand.posted.at(-1)![1], "done");
  expect(hand.read).toEqual([0, 1, 2, 3]);
  await hand.answer(hand.posted.at(-1)![1], "done");
  await hand.answer(hand.posted.at(-1)![1], "done");
  expect(await Promise.all(calls)).toEqual(Array<string>(5).fill("done"));
});

test("a worker whose task asks takes another that does, once no worker is free, and no task that does not", async () => {
  const hand = new Hand();
  const pool = createPool({ size: 2, spawn: hand.spawn });
  const task = { name: "task", run: (value: number) => value };
  const asking = [1, 2, 3].map((id) =>
    pool.run(task, { bytes: 1, input: async () => id, answer: (question: number) => 10 * question }),
  );
  const plain = hand.run(pool, 4);
  await setImmediate();
  expect(hand.posted).toEqual([
    [1, 0],
    [2, 1],
    [3, 0],
  ]);
  hand.workers[0]!.reply({ lane: 1, question: 7 });
  expect(hand.answers).toEqual([{ lane: 1, answer: 70 }]);
  await hand.answer(0, "three", 1);
  await hand.answer(0, "one");
  expect(hand.posted.at(-1)).toEqual([4, 0]);
  await hand.answer(0, "four");
  await hand.answer(1, "two");
  expect(await Promise.all([...asking, plain])).toEqual(["one", "two", "three", "four"]);
});

test("tasks that come one by one need one worker", async () => {
  const hand = new Hand();
  const pool = createPool({ size: 8, spawn: hand.spawn });
  for (const id of [1, 2, 3]) {
    const call = hand.run(pool, id);
    await setImmediate();
    await hand.answer(0, id);
    expect(await call).toBe(id);
  }
  expect(hand.workers).toHaveLength(1);
  await pool.close();
  expect(hand.terminated).toBe(1);
});

test("a task that is cancelled keeps its worker until that answers; the answer is dropped", async () => {
  const hand = new Hand();
  const pool = createPool({ size: 1, spawn: hand.spawn });
  const cancelling = new AbortController();
  const task = { name: "task", run: (value: number) => value };
  const running = pool.run(task, { bytes: 1, input: async () => 0, signal: cancelling.signal });
  const next = hand.run(pool, 1);
  await setImmediate();
  cancelling.abort();
  await expect(running).rejects.toMatchObject({ code: "ABORTED" });
  expect(hand.posted).toEqual([[0, 0]]);
  await hand.answer(0, "too late");
  expect(hand.posted).toEqual([
    [0, 0],
    [1, 0],
  ]);
  await hand.answer(0, "in time");
  expect(await next).toBe("in time");
});

test("a signal has one listener, however many calls wait for it, and none when they have ended", async () => {
  const hand = new Hand();
  const pool = createPool({ size: 1, spawn: hand.spawn });
  const { signal } = new AbortController();
  const task = { name: "task", run: (value: number) => value };
  const calls = [1, 2, 3].map((id) => pool.run(task, { bytes: 1, input: async () => id, signal }));
  await setImmediate();
  expect(getEventListeners(signal, "abort")).toHaveLength(1);
  for (let call = 0; call < 3; call++) await hand.answer(0, "done");
  expect(await Promise.all(calls)).toEqual(["done", "done", "done"]);
  expect(getEventListeners(signal, "abort")).toHaveLength(0);
});

test.each([0, 1.5, Number.NaN])("a pool of %d workers is refused", (size) => {
  expect(() => createPool({ size, spawn: new Hand().spawn })).toThrow(
    `a pool has a whole number of workers above 0, not ${size}`,
  );
});

test("a pool that begins makes a worker, and from what it compiled the others, once; one that is closed none", async () => {
  const hand = new Hand();
  const pool = createPool({ size: 3, spawn: hand.spawn });
  pool.begin();
  pool.begin();
  const call = hand.run(pool, 1);
  await setImmediate();
  expect([hand.workers.length, hand.posted]).toEqual([1, [[1, 0]]]);
  const compiled = { name: "simd-4x8" } as CompiledKernels;
  hand.workers[0]!.reply({ compiled });
  expect(hand.given).toEqual([undefined, compiled, compiled]);
  await hand.answer(hand.posted[0]![1], "done");
  expect(await call).toBe("done");
  await pool.close();
  pool.begin();
  expect([hand.workers.length, hand.terminated]).toEqual([3, 3]);
});
