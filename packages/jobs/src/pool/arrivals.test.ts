import type { FilePlace } from "@lora/tensor";
import { LoraError } from "@lora/tensor";
import { expect, test } from "vitest";
import { Arrivals } from "./arrivals.ts";
import type { TaskFiles } from "./task-files.ts";

const PLACE: FilePlace = { path: "a.safetensors", descriptor: 7, position: 0 };

/** A file whose byte at each position is the position. */
const FILES: Pick<TaskFiles, "read"> = {
  read: ({ position }, into) => into.forEach((_, i) => (into[i] = position + i)),
};

function bytesAt(position: number, length: number): object {
  return { inFile: { ...PLACE, position }, length, tensor: "t" };
}

test("bytes in a file arrive wherever they are named, aligned; everything else stays what it was", () => {
  const values = Float64Array.of(1);
  const sent = {
    parts: [
      ["up", { bytes: bytesAt(3, 2) }],
      ["down", { bytes: bytesAt(9, 1) }],
    ],
    values,
    name: "m",
  };
  const received = new Arrivals(FILES as TaskFiles).receive<unknown>(sent) as typeof sent;
  const bytes = received.parts.map(([, part]) => (part as { bytes: Uint8Array }).bytes);
  expect(bytes.map((part) => [...part])).toEqual([[3, 4], [9]]);
  expect(bytes.map(({ byteOffset }) => byteOffset % 64)).toEqual([0, 0]);
  expect(received).toMatchObject({
    parts: [
      ["up", {}],
      ["down", {}],
    ],
    name: "m",
  });
  expect(received.values).toBe(values);
});

test("data without such bytes are the same object", () => {
  const sent = { bytes: Uint8Array.of(1) };
  expect(new Arrivals().receive(sent)).toBe(sent);
});

test("the memory is used again, and no view fills it: what is posted back is copied, not moved", () => {
  const arrivals = new Arrivals(FILES as TaskFiles);
  const [first, second] = [bytesAt(0, 64), bytesAt(5, 8)].map(
    (sent) => arrivals.receive<unknown>(sent) as Uint8Array,
  );
  expect(second!.buffer).toBe(first!.buffer);
  expect(first!.byteLength).toBeLessThan(first!.buffer.byteLength);
  expect([...first!.subarray(0, 3)]).toEqual([5, 6, 7]);
});

test("a file that cannot be read is told with the tensor; without files the worker says that it reaches none", () => {
  const broken = {
    read: () => {
      throw new LoraError("IO", "the disk is gone", { file: "a.safetensors" });
    },
  };
  const receive = (files?: Pick<TaskFiles, "read">) => () =>
    new Arrivals(files as TaskFiles | undefined).receive<unknown>(bytesAt(0, 1));
  expect(receive(broken)).toThrow(
    expect.objectContaining({ code: "IO", facts: { file: "a.safetensors", tensor: "t" } }) as Error,
  );
  expect(receive()).toThrow("this worker does not reach files");
});
