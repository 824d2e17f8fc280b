import { createHash } from "node:crypto";
import path from "node:path";
import { dataSha256 } from "@lora/io";
import { openFile, readPlace, writeInto } from "@lora/io/node";
import { referenceEngine } from "@lora/linalg";
import { afterAll, expect, test } from "vitest";
import { kohyaFile } from "../adapters.test-helper.ts";
import { hashSpans, spansOf } from "./hash-spans.ts";

const sample = await openFile(path.resolve(import.meta.dirname, "../../../../samples/pirate-tales"));
afterAll(() => sample.close());

const ask = (): Promise<never> => Promise.reject(new Error("asked"));
const files = { read: readPlace, writing: writeInto, sha256: () => createHash("sha256") };

test("a file whose values lie one behind the other is one span, and its hash that of its values", async () => {
  const spans = spansOf(sample)!;
  const bytes = [...sample.tensors.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);
  expect(spans.map(({ length }) => length)).toEqual([bytes]);
  expect(await hashSpans.run(spans, referenceEngine, { files, ask })).toBe(await dataSha256(sample));
});

test("spans are hashed in their order, a block at a time", async () => {
  const [{ place, length }] = spansOf(sample) as [NonNullable<ReturnType<typeof spansOf>>[number]];
  const half = Math.floor(length / 2);
  const second = { place: { ...place, position: place.position + half }, length: length - half };
  const run = (spans: readonly (typeof second)[]) => hashSpans.run(spans, referenceEngine, { files, ask });
  expect(await run([{ place, length: half }, second])).toBe(await run([{ place, length }]));
  expect(await run([second, { place, length: half }])).not.toBe(await run([{ place, length }]));
});

test("values that lie in no open file have no spans, and a worker without files hashes none", () => {
  expect(spansOf(kohyaFile({ lora_unet_a: { out: 4, in: 3, rank: 2 } }))).toBeUndefined();
  expect(() => hashSpans.run([], referenceEngine, { ask })).toThrow("this worker does not reach files");
});
