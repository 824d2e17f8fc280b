import type { Shape } from "@lora/tensor";
import { describe, expect, test } from "vitest";
import { dataJson, failure, fileOf, hasData, keyList } from "../files.test-helper.ts";
import { readAdapter } from "../reading/read-adapter.ts";
import { pairWithBase } from "./pair-with-base.ts";

/** ldm name → diffusers name, and ldm name → the diffusers names that it stacks. */
interface KeyMap {
  readonly ldm_diffusers_keymap: Readonly<Record<string, string>>;
  readonly ldm_diffusers_operator_map: Readonly<Record<string, { readonly cat: readonly string[] }>>;
}

const NO_KEYS: KeyMap = { ldm_diffusers_keymap: {}, ldm_diffusers_operator_map: {} };

const PEFT_LORA = { sidecars: { "adapter_config.json": '{"peft_type":"LORA","r":4,"lora_alpha":4}' } };

function shapeOf(entry: Shape | readonly [string, Shape]): Shape {
  return typeof entry[0] === "string" ? (entry[1] as Shape) : (entry as Shape);
}

describe.skipIf(!hasData)("a real SDXL LoRA of 986 modules, against the key map of ai-toolkit", () => {
  // ai-toolkit counts the text encoders from 0. The body of a skipped describe runs too.
  const keymap = hasData ? dataJson<KeyMap>("keys/ai-toolkit-keymaps/stable_diffusion_sdxl.json") : NO_KEYS;
  const lora = hasData ? keyList("stripped/sdxl_lora_2958.json") : {};

  /** Kohya's name of a diffusers name of the map. */
  const kohyaName = (name: string): string =>
    name
      .replace(/\.weight$/, "")
      .replace(/^te0_/, "te1_")
      .replace(/^te1_(?=text_)/, name.startsWith("te0_") ? "te1_" : "te2_")
      .replace(/^/, "lora_")
      .replaceAll(".", "_");

  /** Shapes of all weights that the LoRA adapts, by kohya name with diffusers paths. */
  const shapes = new Map<string, Shape>();
  /** Where each weight is in the original layout, by kohya name with diffusers paths. */
  const truth = new Map<string, { readonly name: string; readonly part?: number }>();
  for (const [ldm, diffusers] of Object.entries(keymap.ldm_diffusers_keymap)) {
    if (ldm.endsWith(".weight")) truth.set(kohyaName(diffusers), { name: ldm });
  }
  for (const [ldm, { cat }] of Object.entries(keymap.ldm_diffusers_operator_map)) {
    if (!ldm.endsWith("in_proj_weight")) continue;
    cat.forEach((diffusers, part) => truth.set(kohyaName(diffusers), { name: ldm, part }));
  }
  /** sgm kohya name of a U-Net module → its diffusers kohya name, by the map itself. */
  const renamed = new Map<string, string>();
  for (const [ldm, diffusers] of Object.entries(keymap.ldm_diffusers_keymap)) {
    const sgm = ldm
      .replace("model.diffusion_model.", "lora_unet_")
      .replace(/\.weight$/, "")
      .replaceAll(".", "_");
    if (ldm.startsWith("model.diffusion_model.")) renamed.set(sgm, kohyaName(diffusers));
  }
  const wanted = (module: string): string => renamed.get(module) ?? module;
  for (const [name, entry] of Object.entries(lora)) {
    const [module, part] = [name.slice(0, name.indexOf(".")), name.slice(name.indexOf(".") + 1)];
    if (part === "lora_up.weight") {
      const down = shapeOf(lora[`${module}.lora_down.weight`]!);
      shapes.set(wanted(module), [shapeOf(entry)[0]!, down[1]!]);
    }
  }

  test("the lists of names are what they are taken for", () => {
    expect(shapes.size).toBe(986);
    expect([...shapes.keys()].filter((module) => !truth.has(module))).toEqual([]);
  });

  test("every module pairs with the original layout, as the map says, with the right rows of in_proj", async () => {
    const base: Record<string, Shape> = {};
    for (const [module, { name, part }] of truth) {
      const shape = shapes.get(module);
      base[name] = part === undefined ? (shape ?? [1]) : [3 * 1280, 1280];
    }
    const adapter = await readAdapter(fileOf(lora));
    const { pairs, unpaired } = pairWithBase(adapter, fileOf(base));
    expect(unpaired).toEqual([]);
    expect(pairs.size).toBe(986);
    for (const [module, pair] of pairs) {
      const { name, part } = truth.get(wanted(module))!;
      expect([module, pair.name, pair.rows]).toEqual([
        module,
        name,
        part === undefined ? undefined : [part * 1280, (part + 1) * 1280],
      ]);
      expect(pair.transposed).toBe(false);
    }
  });

  test("every module pairs with the diffusers layout", async () => {
    const base: Record<string, Shape> = {};
    const names = new Map<string, string>();
    for (const diffusers of [
      ...Object.values(keymap.ldm_diffusers_keymap),
      ...Object.values(keymap.ldm_diffusers_operator_map).flatMap(({ cat }) => cat),
    ]) {
      if (!diffusers.endsWith(".weight")) continue;
      const name = diffusers
        .replace(/^te0_/, "text_encoder.")
        .replace(/^te1_/, "text_encoder_2.")
        .replace(/^unet_/, "unet.");
      base[name] = shapes.get(kohyaName(diffusers)) ?? [1];
      names.set(kohyaName(diffusers), name);
    }
    const adapter = await readAdapter(fileOf(lora));
    const { pairs, unpaired } = pairWithBase(adapter, fileOf(base));
    expect(unpaired).toEqual([]);
    for (const [module, pair] of pairs)
      expect([module, pair.name]).toEqual([module, names.get(wanted(module))]);
  });

  test("a U-Net alone serves the U-Net's modules, a text encoder alone its own", async () => {
    const adapter = await readAdapter(fileOf(lora));
    const count = { unet: 722, te1: 72, te2: 192 };
    const unet = pairWithBase(adapter, fileOf(keyList("stripped/sdxl_unet_base.json")));
    expect([unet.pairs.size, unet.unpaired.length]).toEqual([count.unet, count.te1 + count.te2]);
    const te2 = pairWithBase(adapter, fileOf(keyList("stripped/sdxl_te2_base.json")));
    expect([te2.pairs.size, te2.unpaired.length]).toEqual([count.te2, count.unet + count.te1]);
    expect([...te2.pairs.keys()].every((module) => module.startsWith("lora_te2_"))).toBe(true);
    const te1 = te2.unpaired.find(({ module }) => module === "lora_te1_text_model_encoder_layers_0_mlp_fc1");
    expect(te1?.reason).toBe("the weight of this name is 5120 × 1280, the module is for 3072 × 768");
  });
});

describe.skipIf(!hasData)("the original names of Stable Diffusion, as ai-toolkit maps them", () => {
  const maps = ["sd1", "sd2", "sdxl", "ssd", "vega", "refiner"];
  test.each(maps)("every two-dimensional layer of the U-Net and the text encoders: %s", async (id) => {
    const map = dataJson<KeyMap>(`keys/ai-toolkit-keymaps/stable_diffusion_${id}.json`);
    const layers = Object.entries(map.ldm_diffusers_keymap).filter(
      ([ldm]) => ldm.endsWith(".weight") && !ldm.startsWith("first_stage_model."),
    );
    // ai-toolkit: te_ is the only encoder, te0_ and te1_ the first and the second.
    const components = new Map([
      ["te", "lora_te_"],
      ["te0", "lora_te1_"],
      ["te1", "lora_te2_"],
      ["unet", "lora_unet_"],
    ]);
    const modules = layers.map(([ldm, diffusers]) => {
      const cut = diffusers.indexOf("_");
      const path = diffusers.slice(cut + 1, -".weight".length).replaceAll(".", "_");
      return { ldm, module: `${components.get(diffusers.slice(0, cut))}${path}` };
    });
    const shapes = modules.flatMap(({ module }): [string, Shape][] => [
      [`${module}.lora_down.weight`, [2, 6]],
      [`${module}.lora_up.weight`, [6, 2]],
    ]);
    const adapter = await readAdapter(fileOf(Object.fromEntries(shapes)));
    const { pairs, unpaired } = pairWithBase(
      adapter,
      fileOf(Object.fromEntries(layers.map(([ldm]) => [ldm, [6, 6] as Shape]))),
    );
    expect(unpaired).toEqual([]);
    for (const { ldm, module } of modules) expect([module, pairs.get(module)?.name]).toEqual([module, ldm]);
    expect(modules.length).toBeGreaterThan(300);
  });
});

test.each([
  ["the same name", "model.layers.0.self_attn.q_proj", "model.layers.0.self_attn.q_proj.weight"],
  ["a base saved from inside the model", "transformer.h.0.attn.c_fc", "h.0.attn.c_fc.weight"],
  [
    "a base saved inside a larger model",
    "layers.0.mlp.up_proj",
    "language_model.model.layers.0.mlp.up_proj.weight",
  ],
])("a PEFT module finds its weight: %s", async (_, path, name) => {
  const adapter = await readAdapter(
    fileOf(
      {
        [`base_model.model.${path}.lora_A.weight`]: [4, 6],
        [`base_model.model.${path}.lora_B.weight`]: [8, 4],
      },
      PEFT_LORA,
    ),
  );
  const { pairs } = pairWithBase(adapter, fileOf({ [name]: [8, 6], "other.weight": [8, 6] }));
  expect([...pairs.values()].map((pair) => [pair.name, pair.transposed])).toEqual([[name, false]]);
});

test("a Conv1D and an embedding are found turned, a 1 × 1 convolution with or without its kernel axes", async () => {
  const names = ["attn.c_attn", "wte", "proj_in", "proj_out"].map((path) => `base_model.model.m.${path}`);
  const adapter = await readAdapter(
    fileOf(
      {
        [`${names[0]}.lora_A.weight`]: [4, 6],
        [`${names[0]}.lora_B.weight`]: [18, 4],
        [`${names[1]}.lora_embedding_A`]: [4, 50],
        [`${names[1]}.lora_embedding_B`]: [6, 4],
        [`${names[2]}.lora_A.weight`]: [4, 6],
        [`${names[2]}.lora_B.weight`]: [8, 4],
        [`${names[3]}.lora_A.weight`]: [4, 6, 1, 1],
        [`${names[3]}.lora_B.weight`]: [8, 4, 1, 1],
      },
      {
        sidecars: {
          "adapter_config.json": '{"peft_type":"LORA","r":4,"lora_alpha":4,"fan_in_fan_out":true}',
        },
      },
    ),
  );
  const base = fileOf({
    "m.attn.c_attn.weight": [6, 18],
    "m.wte.weight": [50, 6],
    "m.proj_in.weight": [8, 6, 1, 1],
    "m.proj_out.weight": [8, 6],
  });
  const { pairs } = pairWithBase(adapter, base);
  expect(names.map((name) => pairs.get(name)?.transposed)).toEqual([true, true, false, false]);
});

test("FLUX modules of diffusers pair with rows of the fused weights of the original checkpoint", async () => {
  const block = "transformer.single_transformer_blocks.3.";
  const shapes: Record<string, Shape> = {};
  const sizes = { "attn.to_q": 4, "attn.to_k": 4, "attn.to_v": 4, proj_mlp: 16 };
  for (const [layer, out] of Object.entries(sizes)) {
    shapes[`${block}${layer}.lora_A.weight`] = [2, 4];
    shapes[`${block}${layer}.lora_B.weight`] = [out, 2];
  }
  const adapter = await readAdapter(fileOf(shapes));
  const { pairs } = pairWithBase(adapter, fileOf({ "single_blocks.3.linear1.weight": [28, 4] }));
  expect([...pairs.values()].map(({ rows }) => rows)).toEqual([
    [0, 4],
    [4, 8],
    [8, 12],
    [12, 28],
  ]);
});

test("XLabs pairs with the queries, keys and values of a fused single block, LyCORIS with a kernel in its last axis", async () => {
  const xlabs = await readAdapter(
    fileOf({
      "single_blocks.3.processor.qkv_lora.down.weight": [2, 4],
      "single_blocks.3.processor.qkv_lora.up.weight": [12, 2],
    }),
  );
  const { pairs } = pairWithBase(xlabs, fileOf({ "single_blocks.3.linear1.weight": [28, 4] }));
  expect([...pairs.values()].map(({ rows }) => rows)).toEqual([[0, 12]]);
  const lokr = await readAdapter(
    fileOf({ "lora_unet_conv_in.lokr_w1": [2, 4], "lora_unet_conv_in.lokr_w2": [3, 9] }),
  );
  const base = fileOf({ "conv_in.weight": [6, 4, 3, 3] });
  expect(pairWithBase(lokr, base).pairs.get("lora_unet_conv_in")).toMatchObject({ transposed: false });
});

test("a module without a weight is told with the name most like it", async () => {
  const adapter = await readAdapter(
    fileOf({ "lora_unet_a_to_q.lora_down.weight": [2, 6], "lora_unet_a_to_q.lora_up.weight": [6, 2] }),
  );
  const { unpaired } = pairWithBase(adapter, fileOf({ "b.to_q.weight": [6, 6], "b.to_k.weight": [6, 6] }));
  expect(unpaired).toEqual([
    { module: "lora_unet_a_to_q", reason: "the base has no weight of this name", nearest: "b.to_q.weight" },
  ]);
});

test("two weights that underscores make one are not chosen between, unless shape or dots decide", async () => {
  const module = { "lora_unet_a_b_c.lora_down.weight": [2, 6], "lora_unet_a_b_c.lora_up.weight": [6, 2] };
  const adapter = await readAdapter(fileOf(module));
  const both = pairWithBase(adapter, fileOf({ "a.b_c.weight": [6, 6], "a_b.c.weight": [6, 6] }));
  expect(both.unpaired[0]?.reason).toBe("a.b_c.weight and a_b.c.weight both fit its name");
  const byShape = pairWithBase(adapter, fileOf({ "a.b_c.weight": [6, 6], "a_b.c.weight": [6, 9] }));
  expect(byShape.pairs.get("lora_unet_a_b_c")?.name).toBe("a.b_c.weight");
  const dotted = await readAdapter(
    fileOf({ "unet.a_b.c.lora_A.weight": [2, 6], "unet.a_b.c.lora_B.weight": [6, 2] }),
  );
  const byDots = pairWithBase(dotted, fileOf({ "a.b_c.weight": [6, 6], "a_b.c.weight": [6, 6] }));
  expect(byDots.pairs.get("unet.a_b.c")?.name).toBe("a_b.c.weight");
});

test("a weight of another shape is an error with both shapes", async () => {
  const adapter = await readAdapter(
    fileOf({ "lora_unet_a.lora_down.weight": [2, 6], "lora_unet_a.lora_up.weight": [8, 2] }),
  );
  const error = await failure(() =>
    pairWithBase(adapter, fileOf({ "model.diffusion_model.a.weight": [8, 7] })),
  );
  expect([error.code, error.message]).toEqual([
    "SHAPE",
    "the module is for a weight of 8 × 6, the base has 8 × 7",
  ]);
  expect(error.facts).toMatchObject({ tensor: "model.diffusion_model.a.weight", module: "lora_unet_a" });
});
