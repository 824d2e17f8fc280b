import { readAdapter, type ModuleSpectrum, type RankChoice } from "@lora/peft";
import { expect, test } from "vitest";
import { kohyaFile } from "../adapters.test-helper.ts";
import { choosePairs } from "./choose-pairs.ts";
import { type Decision, EarlyWriter } from "./early-writer.ts";
import { type ResizeFlags, resizeTasks } from "./tasks.ts";

const adapter = await readAdapter(
  kohyaFile({ lora_unet_a: { out: 6, in: 5, rank: 4, alpha: 2, dtype: "f16" } }),
);
const [module] = adapter.modules;

function spectrum(...s: number[]): ModuleSpectrum {
  return { name: module!.name, layer: module!.layer, kernel: false, out: 6, in: 5, s: Float64Array.from(s) };
}

function decided(flags: ResizeFlags, ...s: number[]): Decision {
  const [task] = resizeTasks(flags);
  return new EarlyWriter({ adapter, task: task!, dtype: undefined }).decide(module!, spectrum(...s));
}

test("a module is written with the pairs that the rule keeps, in its own type, at the scale that readers will find", () => {
  const kept = [0, 1];
  const write = { kept, dtype: "f16", rescale: 1, storedScale: 0.5 };
  expect(decided({ error: 0.5 }, 4, 2, 1, 1)).toEqual({ kept, write });
});

test("nothing is written of a module that keeps all, or none", () => {
  expect(decided({ rank: 4 }, 4, 3, 2, 1)).toEqual({ kept: [0, 1, 2, 3], write: undefined });
  expect(decided({ recipe: "spn_lora=1,thr=1" }, 4, 3, 2, 1)).toEqual({ kept: [], write: undefined });
});

test("what there is no room for is left for later, and a module takes its room once", () => {
  const [task] = resizeTasks({ rank: 1 });
  const wide = { ...module!, shape: [150 * 2 ** 19, 1] };
  const writer = new EarlyWriter({ adapter, task: task!, dtype: "f16" });
  const isWritten = (name: string): boolean =>
    writer.decide({ ...wide, name }, spectrum(4, 3, 2, 1)).write !== undefined;
  expect(["a", "a", "b"].map(isWritten)).toEqual([true, true, false]);
});

test("a rule that asks for the size of the file has to say that it looks across modules", () => {
  const choice: RankChoice = {
    rule: "size",
    title: "size",
    needs: [],
    choose: (_, { fileBytes }) => ({ kept: [[fileBytes([1])]], rescale: 1 }),
  };
  expect(() => choosePairs({ adapter, spectra: [spectrum(1)], choice })).toThrow(
    "a rule that asks for the size of the file looks across modules",
  );
});
