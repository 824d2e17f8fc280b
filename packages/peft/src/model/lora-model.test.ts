import { readValues, tensorOfValues } from "@lora/tensor";
import { describe, expect, test } from "vitest";
import { denseTensor, typedTensor } from "../layers/dense-tensor.ts";
import { dense, expectClose } from "../layers/goldens.test-helper.ts";
import type { Stored } from "../layers/goldens.test-helper.ts";
import type { Initialise } from "./adapter-place.ts";
import type { LoraModel } from "./lora-model.ts";
import golden from "./model.golden.json" with { type: "json" };
import { configOf, net, outputsOf, tensorsOf } from "./nets.test-helper.ts";

const TOLERANCE = 1e-10; // of 13 digits, through a softmax

async function expectOutputs(
  model: LoraModel,
  wanted: readonly Stored[],
  tolerance = TOLERANCE,
): Promise<void> {
  const found = await outputsOf(model);
  found.forEach((y, i) => expectClose(y, wanted[i]!, tolerance));
}

async function adapted(): Promise<LoraModel> {
  const model = net();
  await model.loadAdapter("default", configOf(golden.config), tensorsOf(golden.state));
  return model;
}

describe("as PEFT 0.21", () => {
  test("an adapter in every kind of layer acts as in PEFT, and all of its tensors find their place", async () => {
    const model = net();
    await expectOutputs(model, golden.plain);
    const report = await model.loadAdapter("default", configOf(golden.config), tensorsOf(golden.state));
    expect(report).toMatchObject({ missing: [], unexpected: [], mismatched: [] });
    await expectOutputs(model, golden.y);
  });

  test("tensors are written under the names they were read from, and with their bytes", async () => {
    const written = (await adapted()).adapterTensors("default");
    expect([...written.keys()].sort()).toEqual(Object.keys(golden.state).sort());
    for (const [name, tensor] of tensorsOf(golden.state)) {
      expect(await written.get(name)!.bytes()).toEqual(await tensor.bytes());
    }
  });

  test("what only training uses is carried: VeLoRA's compressor, MonteCLoRA's sampler", async () => {
    const sampler = "lora_monteclora_sampler";
    for (const [field, parts] of [
      ["velora_config", ["lora_velora_embed"]],
      [
        "monteclora_config",
        ["expert_weights", "expert_weights_prior", "gaussian_var_prior", "std_prior"].map(
          (part) => `${sampler}.${part}`,
        ),
      ],
    ] as const) {
      const names = ["lora_A.weight", "lora_B.weight", ...parts].map((part) => `base_model.model.q.${part}`);
      const tensors = new Map(
        names.map((name, i) => [
          name,
          tensorOfValues(i === 1 ? [1, 2, 3, 4] : [5, 6, 7, 8], "f32", i === 1 ? [4, 1] : [1, 4]),
        ]),
      );
      const model = net();
      const config = configOf({ target_modules: ["q"], r: 1, [field]: {} });
      expect(await model.loadAdapter("default", config, tensors)).toMatchObject({
        missing: [],
        unexpected: [],
      });
      const written = model.adapterTensors("default");
      expect([...written.keys()]).toEqual(names);
      for (const name of names)
        expect(await written.get(name)!.bytes()).toEqual(await tensors.get(name)!.bytes());
    }
  });

  test("merged weights have the names and values that PEFT's merge_and_unload gives", async () => {
    const model = await adapted();
    const { tensors, untied } = await model.mergeAndUnload({ safe: true });
    expect([...tensors.keys()].sort()).toEqual(Object.keys(golden.merged).sort());
    for (const [name, wanted] of Object.entries(golden.merged)) {
      const tensor = tensors.get(name)!;
      expectClose({ shape: tensor.shape, data: await readValues(tensor) }, wanted, TOLERANCE);
    }
    expect(untied).toEqual([]);
    expect(model.layerStatus()).toEqual([]);
  });

  test("disabled adapters do not act, merged ones neither, and stay merged", async () => {
    const model = await adapted();
    await model.merge();
    model.setEnabled(false);
    await expectOutputs(model, golden.plain);
    expect(model.mergedAdapters).toEqual(["default"]);
    model.setEnabled(true);
    await expectOutputs(model, golden.y);
    expect(model.unmerge()).toEqual({ exact: true, maxError: 0 });
    model.setEnabled(false);
    await expectOutputs(model, golden.plain);
  });

  test("adapters of rank 8, 4 and 16 take turns in tensors that never shrink", async () => {
    const model = net();
    const [first, ...others] = golden.hotswap;
    await model.loadAdapter("default", configOf(first!.config), tensorsOf(first!.state));
    await expectOutputs(model, first!.y);
    const rankOf = (): number => model.layer("q").adapters.get("default")!.tensors.down.shape[0]!;
    const ranks = [rankOf()];
    for (const step of others) {
      await model.hotswap("default", configOf(step.config), tensorsOf(step.state));
      await expectOutputs(model, step.y);
      ranks.push(rankOf());
    }
    expect(ranks).toEqual([8, 8, 8]);
    expect(model.layer("v").adapters.get("default")!.tensors.down.shape[0]).toBe(16);
  });

  test("a trained PiSSA is right on what it left of the base, and converted to LoRA on the base itself", async () => {
    const { config, state, base, y, converted } = golden.pissa;
    const left = base as Readonly<Record<string, Stored>>;
    const singles = 1e-6; // PiSSA began in singles: some tens of their roundings, 6e-8 each
    const model = net();
    const nothing = typedTensor(denseTensor([0, 0], []));
    const initialise: Initialise = ({ path }) => ({
      down: nothing,
      up: nothing,
      base: dense(left[path]!).data,
    });
    await model.loadAdapter("default", configOf(config), tensorsOf(state), { initialise });
    await expectOutputs(model, y, singles);
    model.deleteAdapter("default");
    await expectOutputs(model, golden.plain);
    await model.loadAdapter("default", configOf(converted.config), tensorsOf(converted.state));
    expect(model.layer("q").adapters.get("default")).toMatchObject({ rank: 4, alpha: 6 });
    await expectOutputs(model, y, singles);
  });

  test("tokens that were trained by themselves take the place of the base's, those of two adapters together", async () => {
    const { merged, ...adapters } = golden.trainedTokens;
    const model = net();
    for (const [name, { config, state }] of Object.entries(adapters)) {
      const report = await model.loadAdapter(name, configOf(config), tensorsOf(state));
      expect(report).toMatchObject({ missing: [], unexpected: [], mismatched: [] });
      const written = model.adapterTensors(name);
      expect([...written.keys()].sort()).toEqual(Object.keys(state).sort());
    }
    model.setAdapters(["default", "other"]);
    const { tensors } = await model.mergeAndUnload();
    for (const [name, wanted] of Object.entries(merged)) {
      const tensor = tensors.get(name)!;
      expectClose({ shape: tensor.shape, data: await readValues(tensor) }, wanted, TOLERANCE);
    }
    const rows = await tensors.get("embed.weight")!.bytes([5, 7]);
    expect(Array.from(new Float64Array(rows.buffer))).toEqual(merged["embed.weight"].data.slice(20));
  });
});
