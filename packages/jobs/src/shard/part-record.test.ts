import { LoraError } from "@lora/tensor";
import { expect, test } from "vitest";
import { init } from "../init/init.ts";
import { parsePartRecord, planHash, type Planned } from "./part-record.ts";
import { fileOfHeader, headerOf } from "./file-header.ts";
import { runJob } from "./run-job.ts";
import { adapter, model } from "./splits.test-helper.ts";

async function failure(work: () => unknown): Promise<LoraError> {
  try {
    await work();
  } catch (error) {
    if (error instanceof LoraError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

test.each(["", "{}", "null", '{"plan":"x"}', '{"plan":"x","share":{}}'])("%j is no record", async (text) => {
  const error = await failure(() => parsePartRecord(text, "here"));
  expect([error.code, error.message, error.facts]).toEqual([
    "FORMAT",
    "this is no record of a part",
    { file: "here" },
  ]);
});

test("a part of another version is not joined", async () => {
  const text = JSON.stringify({ version: 2, plan: "x", share: {}, inputs: [] });
  const error = await failure(() => parsePartRecord(text, "here"));
  expect([error.code, error.message]).toEqual([
    "UNSUPPORTED",
    "the part is of version 2, and version 1 is joined here",
  ]);
});

test("a plan is known by headers, options and count, and not by the folder of a file", async () => {
  const header = await headerOf(adapter(), { withNumbers: true });
  const planned = (change: Partial<typeof header> = {}, rank = 2): Planned => ({
    job: "resize",
    options: { rank },
    inputs: [["adapter", { ...header, ...change }]],
  });
  const plan = await planHash(planned(), 4);
  expect(plan).toMatch(/^[\da-f]{64}$/u);
  expect(await planHash(planned({ name: "elsewhere/made-1.safetensors" }), 4)).toBe(plan);
  const others = [
    planHash(planned({ name: "made-2.safetensors" }), 4),
    planHash(planned({ metadata: [] }), 4),
    planHash(planned({}, 3), 4),
    planHash(planned(), 5),
  ];
  for (const other of await Promise.all(others)) expect(other).not.toBe(plan);
});

test("a header alone has names, shapes and single numbers, and no other values", async () => {
  const file = adapter();
  const again = fileOfHeader(JSON.parse(JSON.stringify(await headerOf(file, { withNumbers: true }))));
  expect([...again.tensors.keys()]).toEqual([...file.tensors.keys()]);
  const alpha = "lora_unet_3.alpha";
  expect(await again.tensors.get(alpha)!.bytes()).toEqual(await file.tensors.get(alpha)!.bytes());
  const error = await failure(() => again.tensors.get("beside")!.bytes());
  expect([error.code, error.message, error.facts]).toEqual([
    "MISSING",
    "the parts do not tell what was found of this tensor",
    { tensor: "beside" },
  ]);
});

test("a job that is not given what it reads says so", async () => {
  const error = await failure(() => runJob({ job: "analyse", options: {} }, new Map([["base", adapter()]])));
  expect([error.code, error.message]).toEqual([
    "MISSING",
    "the job reads a file as adapter, and none is given",
  ]);
});

test("eva has no shares", async () => {
  const options = { method: "eva", config: { r: 2, target_modules: ["q_proj"] } };
  const error = await failure(() => init(model("base", 0), options, { share: { index: 1, count: 2 } }));
  expect([error.code, error.message, error.advice]).toEqual([
    "UNSUPPORTED",
    "eva gives out ranks by the inputs of all modules, and has no shares",
    "run it in one process, or choose a method that looks at each module by itself",
  ]);
});
