import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import {
  decode,
  type DType,
  elementCount,
  type LazyTensor,
  type Shape,
  tensorFile,
  type TensorFile,
  tensorOfBytes,
} from "@lora/tensor";
import { describe, expect, test } from "vitest";
import { merge } from "./merge.ts";

type Stored = Readonly<Record<string, readonly [DType, Shape, string]>>;

interface Golden {
  readonly name: string;
  readonly safe: boolean;
  readonly config: string;
  readonly base: Stored;
  readonly adapter: Stored;
  readonly merged: Stored;
}

const goldens = JSON.parse(
  readFileSync(resolve(import.meta.dirname, "merge.golden.json"), "utf8"),
) as readonly Golden[];

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../gu) ?? [], (pair) => Number.parseInt(pair, 16));
}

function fileOf(name: string, stored: Stored, sidecars: Readonly<Record<string, string>> = {}): TensorFile {
  const tensors = Object.entries(stored).map(
    ([key, [dtype, shape, hex]]) => [key, tensorOfBytes(bytesOf(hex), dtype, shape)] as const,
  );
  return tensorFile({ name, tensors, sidecars: Object.entries(sidecars) });
}

async function valuesOf(tensor: LazyTensor): Promise<Float64Array> {
  const values = new Float64Array(elementCount(tensor.shape));
  decode(await tensor.bytes(), tensor.dtype, values);
  return values;
}

const written = { path: "out", bytes: 1, files: [], resumed: [] };

describe("what PEFT merges", () => {
  test.each(goldens)("$name", async ({ name, safe, config, base, adapter, merged }) => {
    const file = fileOf("adapter", adapter, { "adapter_config.json": config });
    const output = await merge(fileOf("base", base), { adapters: [{ file }], safe });
    for (const [key, [dtype, shape, hex]] of Object.entries(merged)) {
      const tensor = output.file.tensors.get(key)!;
      expect([tensor.dtype, tensor.shape]).toEqual([dtype, shape]);
      if (!name.startsWith("DoRA")) {
        expect([key, Buffer.from(await tensor.bytes()).toString("hex")]).toEqual([key, hex]);
        continue;
      }
      // Sums of squares in another order: a value is off by the last bits of f32, and after rounding by a unit of its type.
      const expected = await valuesOf(tensorOfBytes(bytesOf(hex), dtype, shape));
      const unit = dtype === "f32" ? 16 * 2 ** -24 : 2 ** -7;
      (await valuesOf(tensor)).forEach((value, i) =>
        expect(Math.abs(value - expected[i]!)).toBeLessThanOrEqual(unit * Math.abs(expected[i]!)),
      );
    }
    const report = output.report(written);
    expect(report.unpaired).toEqual([]);
    expect(report.leftOut).toEqual([]);
  });
});

test("a report tells what was added, what rounding cost and what stayed", async () => {
  const { base, adapter, config, merged } = goldens.find(({ name }) => name === "bfloat16 plain")!;
  const file = fileOf("adapter", adapter, { "adapter_config.json": config });
  const output = await merge(fileOf("base", base), { adapters: [{ file }] });
  for (const tensor of output.file.tensors.values()) await tensor.bytes();
  const report = output.report(written);
  expect(report.tensors).toEqual({ changed: 4, replaced: [], untouched: 5 });
  const before = await valuesOf(fileOf("", base).tensors.get("linear.weight")!);
  const after = await valuesOf(fileOf("", merged).tensors.get("linear.weight")!);
  const change = Math.hypot(...after.map((value, i) => value - before[i]!));
  const linear = report.modules.find(({ tensor }) => tensor === "linear.weight")!;
  expect(Math.abs(linear.frobenius! - change)).toBeLessThanOrEqual(linear.rounding!);
  expect(linear.relative! * Math.hypot(...before)).toBeCloseTo(linear.frobenius!, 2);
  expect(report.warnings).toEqual([]);
});

test("rows may be read in parts, and into memory that is given", async () => {
  const { base, adapter, config, merged } = goldens.find(({ name }) => name === "bfloat16 plain")!;
  const file = fileOf("adapter", adapter, { "adapter_config.json": config });
  const output = await merge(fileOf("base", base), { adapters: [{ file }] });
  const tensor = output.file.tensors.get("linear.weight")!;
  const parts = [await tensor.bytes([0, 4], undefined, new Uint8Array(4096)), await tensor.bytes([4, 9])];
  expect(Buffer.concat(parts).toString("hex")).toBe(merged["linear.weight"]![2]);
});

test("several adapters are added together and rounded once, each with its weight", async () => {
  const { base, adapter, config } = goldens.find(({ name }) => name === "float32 plain")!;
  const [one, two] = ["one", "two"].map((name) => fileOf(name, adapter, { "adapter_config.json": config }));
  const model = fileOf("base", base);
  const both = await merge(model, {
    adapters: [
      { file: one!, weight: 0.75 },
      { file: two!, weight: -0.5 },
    ],
  });
  const single = await merge(model, { adapters: [{ file: one!, weight: 0.25 }] });
  for (const name of Object.keys(base)) {
    const [a, b] = [
      await valuesOf(both.file.tensors.get(name)!),
      await valuesOf(single.file.tensors.get(name)!),
    ];
    a.forEach((value, i) => expect(Math.abs(value - b[i]!)).toBeLessThanOrEqual(16 * 2 ** -24 * 30));
  }
  expect(both.report(written).adapters.map(({ weight, merged }) => [weight, merged])).toEqual([
    [0.75, 4],
    [-0.5, 4],
  ]);
});

test("what was merged is taken out again but for rounding", async () => {
  const { base, adapter, config, merged } = goldens.find(({ name }) => name === "bfloat16 plain")!;
  const file = fileOf("adapter", adapter, { "adapter_config.json": config });
  const output = await merge(fileOf("merged", merged), { adapters: [{ file }], unmerge: true });
  for (const [name, [, , hex]] of Object.entries(base)) {
    const [before, after] = [
      await valuesOf(tensorOfBytes(bytesOf(hex), base[name]![0], base[name]![1])),
      await valuesOf(output.file.tensors.get(name)!),
    ];
    const most = await valuesOf(fileOf("", merged).tensors.get(name)!);
    // Half a unit of the sum when merging, and of the result now.
    after.forEach((value, i) =>
      expect(Math.abs(value - before[i]!)).toBeLessThanOrEqual(
        2 ** -8 * (Math.abs(most[i]!) + Math.abs(value)) * (1 + 2 ** -7),
      ),
    );
  }
  expect(output.report(written).warnings.join()).toContain("rounding of the merge is not undone");
});
