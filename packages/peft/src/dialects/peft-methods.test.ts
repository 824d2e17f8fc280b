import { multiply } from "@lora/linalg";
import type { TensorFile } from "@lora/tensor";
import { tensorFile, tensorOfValues } from "@lora/tensor";
import { describe, expect, test } from "vitest";
import type { Adapter, AdapterModule } from "../adapter.ts";
import { failure } from "../files.test-helper.ts";
import { loadDelta } from "../load-delta.ts";
import { readAdapter } from "../reading/read-adapter.ts";
import { rewriteAdapter } from "../writing/rewrite-adapter.ts";
import { truncated } from "../writing/truncated.test-helper.ts";
import golden from "./peft-methods.golden.json" with { type: "json" };

interface Stored {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

interface Case {
  readonly config: Readonly<Record<string, unknown>>;
  readonly tensors: Readonly<Record<string, Stored>>;
  readonly updates: Readonly<Record<string, Stored>>;
}

const CASES = Object.entries(golden as unknown as Readonly<Record<string, Case>>);

function fileOf({ config, tensors }: Case, changes: Readonly<Record<string, unknown>> = {}): TensorFile {
  return tensorFile({
    name: "adapter_model.safetensors",
    tensors: Object.entries(tensors).map(
      ([name, { shape, values }]) => [name, tensorOfValues([...values], "f32", shape)] as const,
    ),
    sidecars: [["adapter_config.json", JSON.stringify({ ...config, ...changes })]],
  });
}

async function expectUpdates(adapter: Adapter, { updates }: Case): Promise<void> {
  expect(adapter.modules.map(({ path }) => path).sort()).toEqual(Object.keys(updates).sort());
  for (const module of adapter.modules) await expectUpdate(module, updates[module.path]!);
}

async function expectUpdate(module: AdapterModule, { values }: Stored): Promise<void> {
  const { up, down } = (await loadDelta(module)).factors();
  const found = multiply(up, down).data;
  expect(found).toHaveLength(values.length);
  // PEFT multiplies in f32; entries are sums of a few products below 30.
  found.forEach((value, index) => expect(Math.abs(value - values[index]!)).toBeLessThan(1e-4));
}

describe.each(CASES)("%s of PEFT", (name, made) => {
  const kind = name.split(",")[0]!;

  test("is read as the update that PEFT adds to the weight", async () => {
    const adapter = await readAdapter(fileOf(made));
    expect(adapter.detection.dialect).toBe("peft-methods");
    expect(new Set(adapter.modules.map((module) => module.kind))).toEqual(new Set([kind]));
    expect(adapter.extras).toEqual([]);
    await expectUpdates(adapter, made);
  });

  test("is written as a LoRA of PEFT with the same update", async () => {
    const adapter = await readAdapter(fileOf(made));
    const ranks = Object.fromEntries(adapter.modules.map((module) => [module.name, module.rank]));
    const again = await readAdapter(rewriteAdapter(adapter, truncated(adapter, ranks)));
    expect(again.detection.dialect).toBe("peft");
    expect(JSON.parse(again.file.sidecars.get("adapter_config.json")!)).toMatchObject({
      peft_type: "LORA",
      target_modules: made.config["target_modules"],
    });
    await expectUpdates(again, made);
  });
});

const LOHA = CASES.find(([name]) => name === "loha")![1];

test("modules that would stay what they are beside written ones are refused", async () => {
  const adapter = await readAdapter(fileOf(LOHA));
  const error = await failure(() =>
    rewriteAdapter(adapter, truncated(adapter, { "base_model.model.linear": 1 })),
  );
  expect([error.code, error.message]).toEqual([
    "UNSUPPORTED",
    "PEFT has one method a file: 1 of 2 modules would stay loha, the others become LoRA",
  ]);
});

test.each([
  [{ r: 0 }, "r must be a number above 0, and is 0"],
  [
    { peft_type: "LORA" },
    'the tensors are those of a method besides LoRA, and adapter_config.json says "LORA"',
  ],
])("a configuration with %j is refused", async (changes, message) => {
  const error = await failure(() => readAdapter(fileOf(LOHA, changes), { dialect: "peft-methods" }));
  expect([error.code, error.message]).toEqual(["FORMAT", message]);
});
