import { readFileSync } from "node:fs";
import path from "node:path";
import { openFile } from "@lora/io/node";
import { type LazyTensor, tensorFile, type TensorFile, tensorOfValues } from "@lora/tensor";
import { describe, expect, test } from "vitest";
import { kohyaFile } from "../adapters.test-helper.ts";
import { compare, inspect, resize, resizeTasks } from "../index.ts";

interface Made {
  readonly up: readonly (readonly number[])[];
  readonly down: readonly (readonly number[])[];
  readonly alpha: number;
}

interface Alike {
  readonly cosine: number;
  readonly relativeDistance: number;
  readonly normRatio: number;
}

/** Made by numpy from dense matrices; see tooling/goldens/compare.py. */
const golden = JSON.parse(readFileSync(new URL("compare.golden.json", import.meta.url), "utf8")) as {
  files: readonly [Readonly<Record<string, Made>>, Readonly<Record<string, Made>>];
  modules: Readonly<Record<string, Alike & Readonly<Record<string, number | readonly number[]>>>>;
  whole: Alike;
};

function goldenFile(index: 0 | 1): TensorFile {
  const tensors = Object.entries(golden.files[index]).flatMap(
    ([name, { up, down, alpha }]): [string, LazyTensor][] => [
      [`${name}.alpha`, tensorOfValues([alpha], "f64", [])],
      [`${name}.lora_down.weight`, tensorOfValues(down.flat(), "f64", [down.length, down[0]!.length])],
      [`${name}.lora_up.weight`, tensorOfValues(up.flat(), "f64", [up.length, up[0]!.length])],
    ],
  );
  return tensorFile({ name: `golden-${"ab"[index]}.safetensors`, tensors });
}

const FILE = kohyaFile({
  lora_unet_a: { out: 10, in: 8, rank: 4, alpha: 2 },
  lora_unet_b: { out: 6, in: 5, rank: 2 },
});

/** The file with each tensor of this ending made of other values. */
function mapped(
  ending: string,
  value: (old: number) => number,
  dtype: "f32" | "f16" = "f32",
): Promise<TensorFile> {
  return rewritten(FILE, (name) => (name.endsWith(ending) ? { value, dtype } : undefined));
}

async function rewritten(
  file: TensorFile,
  how: (name: string) => { value: (old: number) => number; dtype: "f32" | "f16" } | undefined,
): Promise<TensorFile> {
  const tensors: [string, LazyTensor][] = [];
  for (const [name, tensor] of file.tensors) {
    const change = how(name);
    if (change === undefined) tensors.push([name, tensor]);
    else {
      const values = new Float32Array((await tensor.bytes()).buffer);
      tensors.push([name, tensorOfValues(values.map(change.value), change.dtype, tensor.shape)]);
    }
  }
  return tensorFile({ name: "changed.safetensors", tensors });
}

describe("two adapters as numpy finds them", async () => {
  const report = await compare([goldenFile(0), goldenFile(1)]);
  const [pair] = report.pairs;

  test("all updates together", () => {
    for (const [key, value] of Object.entries(golden.whole)) {
      expect(pair![key as keyof Alike], key).toBeCloseTo(value, 12);
    }
    expect(pair!.sharedCosine).toBe(pair!.cosine);
  });

  test.each(Object.entries(golden.modules))("%s", (name, expected) => {
    const found = pair!.modules.find((module) => module.name === name)!;
    for (const [key, value] of Object.entries(expected)) {
      const got = found[key as keyof typeof found] as number | readonly number[];
      // Orthonormal to 2⁻²⁷; arcs of cosines near 1 are less exact, and there are none here.
      [value].flat().forEach((one, i) => expect([got].flat()[i], `${key} ${i}`).toBeCloseTo(one, 7));
    }
  });
});

describe("properties", () => {
  test("a file is alike to itself: cosine 1, distance 0, everything shared", async () => {
    const [pair] = (await compare([FILE, FILE])).pairs;
    expect(pair).toMatchObject({ cosine: 1, normRatio: 1, sameWithin: "f32", onlyInA: [], onlyInB: [] });
    expect(pair!.relativeDistance).toBeLessThan(1e-14);
    expect(pair!.outputOverlap).toBeGreaterThan(1 - 2 ** -26);
    expect(Math.max(...pair!.modules.flatMap(({ inputAngles }) => inputAngles!))).toBeLessThan(2e-4);
  });

  test("it is symmetric but for which is a and which b", async () => {
    const [there] = (await compare([goldenFile(0), goldenFile(1)])).pairs;
    const [back] = (await compare([goldenFile(1), goldenFile(0)])).pairs;
    for (const key of ["cosine", "relativeDistance", "outputOverlap", "inputOverlap"] as const) {
      expect(back![key]).toBeCloseTo(there![key]!, 13);
    }
    expect(back!.normRatio! * there!.normRatio!).toBeCloseTo(1, 13);
  });

  test("a factor changes the ratio of norms, the distance and the last part of the fingerprint, nothing else", async () => {
    const twice = await mapped(".alpha", (alpha) => 2 * alpha);
    const lora = kohyaFile({ lora_unet_a: { out: 10, in: 8, rank: 4, alpha: 2 } });
    const scaled = await rewritten(lora, (name) =>
      name.endsWith(".alpha") ? { value: (alpha) => 2 * alpha, dtype: "f32" } : undefined,
    );
    const { pairs, files } = await compare([lora, scaled]);
    expect(pairs[0]).toMatchObject({ cosine: 1, normRatio: 2, sameWithin: null });
    expect(pairs[0]!.relativeDistance).toBeCloseTo(0.5, 14);
    expect(files[0]!.fingerprint.slice(0, 19)).toBe(files[1]!.fingerprint.slice(0, 19));
    expect((await compare([FILE, twice])).pairs[0]!.modules[0]!.normRatio).toBeCloseTo(2, 14);
  });

  test("balanced factors of the same update, as resizing to its own rank writes them, are the same", async () => {
    const [made] = await resize(FILE, { tasks: resizeTasks({ rank: 8 }), dtype: "f32" });
    const { pairs, files } = await compare([FILE, made!.file]);
    expect(pairs[0]).toMatchObject({ sameWithin: "f32" });
    expect(files[0]!.fingerprint).toBe(files[1]!.fingerprint);
  });

  test("rounded to f16 it is the same within f16, and not within f32", async () => {
    const half = await mapped(".weight", (value) => value, "f16");
    const { pairs, files } = await compare([FILE, half]);
    expect(pairs[0]).toMatchObject({ sameWithin: "f16" });
    expect(pairs[0]!.relativeDistance).toBeGreaterThan(2 ** -15);
    expect(files[0]!.fingerprint).toBe(files[1]!.fingerprint);
  });
});

describe("modules that one file lacks", () => {
  const LESS = tensorFile({
    name: "less.safetensors",
    tensors: [...FILE.tensors].filter(([name]) => !name.startsWith("lora_unet_b")),
  });

  test("hand-worked: they count as zeros: cosine ‖a‖ / ‖(a, b)‖ and distance ‖b‖ / ‖(a, b)‖", async () => {
    const { pairs, files } = await compare([FILE, LESS]);
    const [all, a] = files.map(({ frobenius }) => frobenius);
    expect(pairs[0]).toMatchObject({ onlyInA: ["lora_unet_b"], onlyInB: [], sharedCosine: 1 });
    expect(pairs[0]!.cosine).toBeCloseTo(a! / all!, 13);
    expect(pairs[0]!.relativeDistance).toBeCloseTo(Math.sqrt(all! ** 2 - a! ** 2) / all!, 13);
  });

  test("files of other models have nothing in common, which is said", async () => {
    const other = kohyaFile({ lora_unet_z: { out: 3, in: 3, rank: 1 } });
    const { pairs, warnings } = await compare([FILE, other]);
    expect(pairs[0]).toMatchObject({ cosine: 0, sharedCosine: null, outputOverlap: null, modules: [] });
    expect(warnings.join()).toContain("change no weight in common");
  });
});

test("three files are compared two by two, without lists of angles", async () => {
  const [one, two] = [goldenFile(0), goldenFile(1)];
  const { pairs, files } = await compare([one, two, one]);
  expect(pairs.map(({ a, b }) => [a, b])).toEqual([
    [0, 1],
    [0, 2],
    [1, 2],
  ]);
  expect(pairs[1]!.cosine).toBe(1);
  expect(pairs[0]!.cosine).toBeCloseTo(golden.whole.cosine, 12);
  expect(pairs[0]!.modules[0]!.outputAngles).toBeNull();
  expect(files[0]!.fingerprint).toBe(files[2]!.fingerprint);
});

test("tensors outside modules are not compared, which is said", async () => {
  const noted = tensorFile({
    name: "noted",
    tensors: [...FILE.tensors, ["note", tensorOfValues([1], "f32", [1])]],
  });
  const { warnings } = await compare([FILE, noted]);
  expect(warnings).toEqual([
    expect.stringMatching(/^noted: outside modules, and not compared: note \(.*\)$/),
  ]);
});

test("an update of nothing but zeros is at no angle to another", async () => {
  const zero = await mapped(".lora_up.weight", () => 0);
  const { pairs, files } = await compare([FILE, zero]);
  expect(pairs[0]).toMatchObject({ cosine: null, normRatio: 0, relativeDistance: 1, outputOverlap: null });
  expect(files[1]).toMatchObject({ frobenius: 0, fingerprint: "f1:zero" });
});

test("the sample has one fingerprint as PEFT's folder in f32 and as kohya's file in f16", async () => {
  const samples = path.resolve(import.meta.dirname, "../../../../samples");
  const files = await Promise.all(
    ["pirate-tales", "kohya/pirate-tales.safetensors"].map((name) => openFile(path.join(samples, name))),
  );
  const report = await compare(files);
  const alone = await inspect(files[0]!, { fingerprint: true });
  await Promise.all(files.map((file) => file.close()));
  expect(report.pairs[0]).toMatchObject({ sameWithin: "f16", onlyInA: [], onlyInB: [] });
  expect(new Set([...report.files.map(({ fingerprint }) => fingerprint), alone.fingerprint]).size).toBe(1);
});

describe("what is refused", () => {
  test("one file alone", async () => {
    await expect(compare([FILE])).rejects.toThrow("comparing takes two adapters or more, not 1");
  });

  test("updates of one weight that differ in shape", async () => {
    const other = kohyaFile({ lora_unet_a: { out: 10, in: 9, rank: 4 } });
    await expect(compare([FILE, other])).rejects.toMatchObject({ code: "SHAPE" });
  });
});
