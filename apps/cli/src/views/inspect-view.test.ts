import { expect, test } from "vitest";
import { inspectView } from "./inspect-view.ts";
import { inspectReport, plainTerminal } from "./reports.test-helper.ts";

test("a small adapter is shown module by module", () => {
  expect(inspectView(inspectReport(2), plainTerminal).join("\n")).toMatchInlineSnapshot(`
    "tales/adapter_model.safetensors
      file       safetensors, 13.2 kB, 8 tensors
      dialect    peft (100% sure)
      because    all tensors end in lora_A.weight or lora_B.weight; adapter_config.json says LORA
      base       llama
      modules    4 lora linear
      rank       4 (2 modules), 8 (2 modules)
      alpha      16
      scale      2-4
      stored as  f32

    Modules
      module                           rank  alpha  scale  shape  dtype     size
      model.layers.0.self_attn.q_proj     8     16      2  64x64  f32    4.10 kB
      model.layers.0.self_attn.v_proj     4     16      4  64x64  f32    2.05 kB
      model.layers.1.self_attn.q_proj     8     16      2  64x64  f32    4.10 kB
      model.layers.1.self_attn.v_proj     4     16      4  64x64  f32    2.05 kB

    Tensors outside modules, carried through every job
      tensor        dtype  shape     size  why
      score.weight  f32    [2, 64]  512 B  saved whole (modules_to_save)

    Training, as the metadata tells it
      title          tales
      learning rate  0.0001

    Warning
      ! lora_alpha is not in the config: 16 is taken

    4 modules of rank 4-8, 12.3 kB of factors"
  `);
});

test("a large adapter is shown by layer, with all metadata when asked", () => {
  const lines = inspectView(inspectReport(24), plainTerminal, { metadata: true });
  expect(lines.slice(lines.indexOf("Modules")).join("\n")).toMatchInlineSnapshot(`
    "Modules
      module                                count  rank  alpha  scale  shape  dtype     size
      model.layers.{0-23}.self_attn.q_proj     24     8     16      2  64x64  f32    98.3 kB
      model.layers.{0-23}.self_attn.v_proj     24     4     16      4  64x64  f32    49.2 kB

    Tensors outside modules, carried through every job
      tensor        dtype  shape     size  why
      score.weight  f32    [2, 64]  512 B  saved whole (modules_to_save)

    About
      output name (ss_output_name)  tales

    Training
      learning rate (ss_learning_rate)  0.0001

    Other keys
      format  pt

    adapter_config.json
      {
        "peft_type": "LORA",
        "r": 8
      }

    Warning
      ! lora_alpha is not in the config: 16 is taken

    48 modules of rank 4-8, 147 kB of factors"
  `);
});

test("one rank, no alpha and no extras need fewer words", () => {
  const report = inspectReport(1);
  const modules = report.modules.slice(0, 1).map((module) => ({ ...module, alpha: null }));
  const bare = {
    ...report,
    modules,
    ranks: [{ rank: 8, modules: 1 }],
    extras: [],
    metadata: {},
    warnings: [],
  };
  expect(inspectView(bare, plainTerminal).join("\n")).toMatchInlineSnapshot(`
    "tales/adapter_model.safetensors
      file       safetensors, 13.2 kB, 4 tensors
      dialect    peft (100% sure)
      because    all tensors end in lora_A.weight or lora_B.weight; adapter_config.json says LORA
      base       llama
      modules    1 lora linear
      rank       8
      alpha      not given
      scale      2
      stored as  f32

    Modules
      module                           rank  alpha  scale  shape  dtype     size
      model.layers.0.self_attn.q_proj     8      -      2  64x64  f32    4.10 kB

    1 module of rank 8, 4.10 kB of factors"
  `);
});

test("escape sequences of a hostile file are not printed", () => {
  const report = inspectReport(1);
  const text = inspectView(
    { ...report, metadata: { ss_output_name: "\u001b]0;owned\u0007" } },
    plainTerminal,
  ).join("\n");
  expect(text).not.toContain("\u001b");
  expect(text).toContain("\\u001b]0;owned\\u0007");
});

test("metadata too long to read is cut", () => {
  const report = { ...inspectReport(1), metadata: { ss_tag_frequency: "x".repeat(10_000) } };
  const text = inspectView(report, plainTerminal, { metadata: true }).join(" ");
  expect(text).toMatch(/ x{300}\.\.\. +\(10000 characters\)/);
});
