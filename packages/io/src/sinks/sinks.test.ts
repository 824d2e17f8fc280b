import { LoraError } from "@lora/tensor";
import { expect, test } from "vitest";
import { allOrNothing } from "./all-or-nothing.ts";
import type { ByteSink } from "./byte-sink.ts";
import { memorySink } from "./memory-sink.ts";

test("memory grows, takes a patch, and shows itself only when whole", async () => {
  const sink = memorySink(1);
  await sink.write(0, Uint8Array.of(1, 2, 3));
  await sink.write(3, Uint8Array.of(4));
  await sink.write(0, Uint8Array.of(9));
  expect(sink.bytes).toBeUndefined();
  await sink.commit();
  await sink.abort();
  expect(sink.bytes).toEqual(Uint8Array.of(9, 2, 3, 4));
});

/** A sink that notes what happens to it. */
function noted(name: string, log: string[], failing?: "write" | "commit"): ByteSink {
  const act = (what: "write" | "commit" | "abort") => async (): Promise<void> => {
    log.push(`${what} ${name}`);
    if (what === failing) throw new LoraError("IO", "writing failed: the disk is full");
  };
  return { write: act("write"), commit: act("commit"), abort: act("abort") };
}

test("all sinks are committed in order after the last is written", async () => {
  const log: string[] = [];
  const result = await allOrNothing(async (keep) => {
    await keep(noted("a", log)).write(0, new Uint8Array());
    await keep(noted("b", log)).write(0, new Uint8Array());
    return 7;
  });
  expect([result, ...log]).toEqual([7, "write a", "write b", "commit a", "commit b"]);
});

test("a full disk aborts all of them", async () => {
  const log: string[] = [];
  const work = allOrNothing(async (keep) => {
    await keep(noted("a", log)).write(0, new Uint8Array());
    await keep(noted("b", log, "write")).write(0, new Uint8Array());
  });
  await expect(work).rejects.toMatchObject({ code: "IO" });
  expect(log).toEqual(["write a", "write b", "abort a", "abort b"]);
});
