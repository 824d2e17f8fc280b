import { LoraError, tensorFile, tensorOfValues } from "@lora/tensor";
import { beforeAll, expect, test } from "vitest";
import { adapter, model, partsOf } from "../shard/splits.test-helper.ts";
import type { Part } from "./check-parts.ts";
import { joinParts } from "./join-parts.ts";

const RESIZE = { job: { job: "resize", options: { rank: 2 } }, files: { adapter: adapter() } } as const;
const INIT = {
  job: { job: "init", options: { method: "pissa", config: { r: 2, target_modules: ["q_proj"] } } },
  files: { base: model("base", 0) },
} as const;

let [parts, thirds, ofInit, ofBase, otherRank, otherFile]: Part[][] = [];
beforeAll(async () => {
  [parts] = await partsOf(RESIZE, 4);
  [thirds] = await partsOf(RESIZE, 3);
  [ofBase, ofInit] = await partsOf(INIT, 4);
  [otherRank] = await partsOf({ ...RESIZE, job: { job: "resize", options: { rank: 3 } } }, 4);
  [otherFile] = await partsOf({ ...RESIZE, files: { adapter: adapter(2) } }, 4);
});

async function refusal(given: readonly Part[]): Promise<readonly unknown[]> {
  const error: unknown = await joinParts(given).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof LoraError)) throw new Error("nothing was refused");
  return [error.code, error.message, error.advice];
}

test("without parts there is nothing to join", async () => {
  expect(await refusal([])).toEqual([
    "USAGE",
    "there are no parts to join",
    "give what the jobs have written",
  ]);
});

test("missing parts are named", async () => {
  expect(await refusal([parts![3]!, parts![0]!])).toEqual([
    "MISSING",
    "2 of 4 parts are missing: 2, 3",
    "run the job with --shard 2/4, or give the part",
  ]);
});

test("a part may be given once", async () => {
  expect(await refusal([...parts!, parts![1]!])).toEqual([
    "USAGE",
    "share 2 of 4 is given twice",
    "give each part once",
  ]);
});

test("parts of another job, or of another output of it, do not fit", async () => {
  const advice = "join the parts of each output by themselves";
  expect(await refusal([parts![0]!, ofInit![1]!])).toEqual([
    "USAGE",
    "this is a part of init, the others are of resize",
    advice,
  ]);
  expect(await refusal([ofInit![0]!, ofBase![1]!])).toEqual([
    "USAGE",
    "this is a part of init (base), the others are of init",
    advice,
  ]);
});

test("nor does one of another split", async () => {
  expect(await refusal([parts![0]!, thirds![1]!])).toEqual([
    "USAGE",
    "this is one of 3 parts, the others are of 4",
    "make all parts with the same n of --shard i/n",
  ]);
});

test("nor one with other options", async () => {
  expect(await refusal([parts![0]!, otherRank![1]!])).toEqual([
    "USAGE",
    "the parts were made with different options: rank 3, not 2",
    "make all parts with the same flags",
  ]);
});

test("nor one of other inputs", async () => {
  expect(await refusal([parts![0]!, otherFile![1]!])).toEqual([
    "USAGE",
    "this part was made of other inputs: the header of its adapter differs",
    "make all parts of the same files, whole and unchanged",
  ]);
});

const changed = (part: Part, tensors: NonNullable<Part["file"]>["tensors"]): Part => ({
  ...part,
  file: tensorFile({ name: part.name, tensors }),
});

test("a part that lost a tensor is found out", async () => {
  expect(await refusal([changed(parts![0]!, new Map()), ...parts!.slice(1)])).toEqual([
    "MISSING",
    "no part holds this tensor of the output",
    "make the parts again: one of them was changed",
  ]);
});

test("and one that holds it otherwise", async () => {
  const [first] = parts![0]!.file!.tensors.keys();
  const tensors = new Map(parts![0]!.file!.tensors).set(first!, tensorOfValues([1, 2], "f16", [2]));
  expect(await refusal([changed(parts![0]!, tensors), ...parts!.slice(1)])).toEqual([
    "SHAPE",
    "the part holds 2 of f16, not scalar of f32",
    "make the part again: it was changed",
  ]);
});
