import { expect, test } from "vitest";
import { LookAhead, type Step, type Window } from "./look-ahead.ts";

/** Steps of these sizes that note when they are made. */
function steps(
  window: Window,
  sizes: readonly number[],
): { pulls: (() => Promise<number>)[]; made: number[] } {
  const made: number[] = [];
  const ahead = new LookAhead<number>(window);
  const step = (bytes: number, index: number): Step<number> => ({
    bytes,
    make: async () => (made.push(index), index),
  });
  return { made, pulls: sizes.map((bytes, index) => ahead.add(step(bytes, index))) };
}

test("what is asked for twice is made once", async () => {
  const { pulls, made } = steps({ steps: 0, bytes: 10 }, [1, 1]);
  expect([await pulls[0]!(), await pulls[0]!(), await pulls[1]!()]).toEqual([0, 0, 1]);
  expect(made).toEqual([0, 1]);
});

test("the steps after it are begun with it, each once, up to the last", async () => {
  const { pulls, made } = steps({ steps: 2, bytes: 10 }, [1, 1, 1, 1]);
  await pulls[0]!();
  expect(made).toEqual([0, 1, 2]);
  await pulls[1]!();
  expect(made).toEqual([0, 1, 2, 3]);
  await pulls[3]!();
  expect(made).toEqual([0, 1, 2, 3]);
});

test("only as many bytes are held as the window has; one step may have more", async () => {
  const { pulls, made } = steps({ steps: 3, bytes: 10 }, [50, 6, 4, 1]);
  await pulls[0]!();
  expect(made).toEqual([0]);
  await pulls[1]!();
  expect(made).toEqual([0, 1, 2]);
});

test("what has been left behind is made again", async () => {
  const { pulls, made } = steps({ steps: 1, bytes: 10 }, [1, 1, 1]);
  await pulls[1]!();
  expect(await pulls[0]!()).toBe(0);
  expect(await pulls[2]!()).toBe(2);
  expect(made).toEqual([1, 2, 0, 2]);
});

test("a step that fails ahead of time fails whoever asks for it, and nobody else", async () => {
  const ahead = new LookAhead<number>({ steps: 1, bytes: 10 });
  const first = ahead.add({ bytes: 1, make: async () => 1 });
  const broken = ahead.add({ bytes: 1, make: () => Promise.reject(new Error("no such pair")) });
  expect(await first()).toBe(1);
  await expect(broken()).rejects.toThrow("no such pair");
});
