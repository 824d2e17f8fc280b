import { readAdapter } from "@lora/peft";
import { tensorFile, type TensorFile } from "@lora/tensor";
import { describe, expect, test } from "vitest";
import { denseUpdate, kohyaFile, type MadeModule } from "../adapters.test-helper.ts";
import { verify } from "../verify/verify.ts";
import { combined, FIRST, SECOND, updates } from "./combine.test-helper.ts";

test("interference: the same adapter twice is parallel, its opposite takes all of it away", async () => {
  const { report } = await combined([
    [FIRST, 1],
    [FIRST, 1],
  ]);
  expect(report.interference).toEqual([
    {
      a: 0,
      b: 1,
      modules: 3,
      cosine: expect.closeTo(1, 9),
      outputOverlap: expect.closeTo(1, 6),
      inputOverlap: expect.closeTo(1, 6),
    },
  ]);
  expect(report.inputs.map(({ response }) => response)).toEqual([expect.closeTo(2, 9), expect.closeTo(2, 9)]);
  expect(report.modules[0]).toMatchObject({ ranks: [4, 4], predictedLoss: expect.closeTo(0, 6) as number });
  const gone = await combined([
    [FIRST, 1],
    [FIRST, -1],
  ]);
  expect(gone.report.dropped.map(({ name }) => name)).toEqual(["lora_unet_a", "lora_unet_b", "lora_unet_c"]);
  expect(gone.report.inputs[0]!.response).toBeCloseTo(0, 9);
});

test("names, alphas and origin: the dialect of the first, alpha = rank, and what it was made of", async () => {
  const { file, report } = await combined(
    [
      [FIRST, 0.7],
      [SECOND, 0.3],
    ],
    { method: "svd", rank: 2 },
  );
  const { modules } = await readAdapter(file);
  expect(modules.map(({ scale }) => scale)).toEqual([1, 1, 1, 1]);
  expect(file.metadata.get("note")).toBe("x");
  expect(JSON.parse(file.metadata.get("combine_params")!)).toEqual({
    method: "svd",
    rank: 2,
    adapters: [
      { name: "made.safetensors", weight: 0.7 },
      { name: "made.safetensors", weight: 0.3 },
    ],
  });
  expect(report).toMatchObject({
    method: { id: "svd", compat: null },
    output: { dialect: "kohya", dtype: "f32" },
  });
});

describe("other dialects", () => {
  const dotted = (entries: Readonly<Record<string, MadeModule>>): TensorFile => {
    const { tensors } = kohyaFile(entries);
    const renamed = [...tensors].map(
      ([name, tensor]) => [name.replace("lora_down", "lora_A").replace("lora_up", "lora_B"), tensor] as const,
    );
    return tensorFile({ name: "dotted.safetensors", tensors: renamed });
  };
  const D: MadeModule = { out: 6, in: 5, rank: 2 };
  const diffusers = dotted({ "unet.down_blocks.0.to_q": D, "unet.down_blocks.0.to_k": D });
  const kohya = kohyaFile({ lora_unet_down_blocks_0_to_q: { ...D, alpha: 1 } });

  test("modules that only the other has get names of the first", async () => {
    const { file } = await combined([
      [kohya, 1],
      [diffusers, 1],
    ]);
    const names = Object.keys(await updates(file));
    expect(names).toEqual(["lora_unet_down_blocks_0_to_q", "lora_unet_down_blocks_0_to_k"]);
    expect([...file.tensors.keys()].filter((name) => name.includes("to_k"))).toEqual([
      "lora_unet_down_blocks_0_to_k.lora_down.weight",
      "lora_unet_down_blocks_0_to_k.lora_up.weight",
      "lora_unet_down_blocks_0_to_k.alpha",
    ]);
    const back = await combined([
      [diffusers, 1],
      [kohya, 1],
    ]);
    expect(await verify(file, back.file, { tolerance: 1e-5 })).toMatchObject({ passed: true });
  });

  test("a name that cannot be spelled is refused, with the way out", async () => {
    const more = kohyaFile({ lora_unet_down_blocks_0_to_q: D, lora_unet_other_layer: D });
    await expect(
      combined([
        [diffusers, 1],
        [more, 1],
      ]),
    ).rejects.toMatchObject({
      code: "UNSUPPORTED",
      message: "lora_unet_other_layer has no name in diffusers: dotted.safetensors has dots in its names",
    });
    const encoder = dotted({ "unet.down_blocks.0.to_q": D, "text_encoder.layers.0.q": D });
    await expect(
      combined([
        [kohya, 1],
        [encoder, 1],
      ]),
    ).rejects.toThrow("has no module of te1");
  });

  test.each([
    ["lists", ["q"]],
    ["an expression and a list, which PEFT refuses", ".*q"],
  ])("PEFT's configuration names the modules of all: targets were %s", async (_, first) => {
    const peft = (target: string, targets: unknown): TensorFile => {
      const { tensors } = dotted({ [`base_model.model.layers.0.${target}`]: D });
      const config = { lora_alpha: 4, peft_type: "LORA", r: 2, target_modules: targets };
      return tensorFile({
        name: `${target}.safetensors`,
        tensors,
        sidecars: [["adapter_config.json", JSON.stringify(config)]],
      });
    };
    const { file, report } = await combined([
      [peft("q", first), 1],
      [peft("v", ["v"]), 3],
    ]);
    const written = JSON.parse(file.sidecars.get("adapter_config.json")!) as Record<string, unknown>;
    expect(written).toMatchObject({ r: 2, lora_alpha: 2, target_modules: ["layers.0.q", "layers.0.v"] });
    const found = await updates(file);
    const expected = denseUpdate({ ...D, alpha: 4 }, 1);
    found["base_model.model.layers.0.v"]!.forEach((value, i) =>
      expect(value).toBeCloseTo(3 * expected.data[i]!, 5),
    );
    expect(report.warnings).toEqual(["q.safetensors and v.safetensors change no weight in common"]);
  });
});
