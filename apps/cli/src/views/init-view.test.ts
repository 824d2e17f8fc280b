import type { InitialisedModule, InitReport } from "@lora/jobs";
import { expect, test } from "vitest";
import { initView } from "./init-view.ts";
import { plainTerminal } from "./reports.test-helper.ts";

function module(layer: number, relativeError: number | null): InitialisedModule {
  const name = `model.layers.${layer}.self_attn.q_proj`;
  return {
    name,
    tensor: `${name}.weight`,
    layer: "linear",
    shape: [64, 64],
    rank: 4,
    alpha: 6,
    scale: 1.5,
    updateFrobenius: 2.5,
    weightFrobenius: 10,
    relativeError,
  };
}

const report: InitReport = {
  job: "init",
  base: { name: "model.safetensors", format: "safetensors", bytes: 1000, tensors: 9 },
  method: { id: "pissa", title: "pissa", base: "reduced" },
  seed: 0,
  output: {
    path: "out/adapter_model.safetensors",
    bytes: 4096,
    dtype: "f32",
    rank: { modules: 2, min: 4, max: 4, total: 8 },
  },
  changedBase: { path: "rest/model.safetensors", bytes: 1000, changed: 2 },
  relativeError: 0.0015,
  modules: [module(0, 2e-8), module(1, 0.002)],
  skipped: [{ name: "model.layers.2.self_attn.q_proj", reason: "nothing is left of the budget" }],
  warnings: ["something to know"],
};

test("an initialisation: method, errors once stored, where it went, and what was left alone", () => {
  expect(initView(report, plainTerminal).join("\n")).toMatchInlineSnapshot(`
    "Initialised: model.safetensors
      method     pissa
      seed       0
      modules    2
      rank       4
      stored as  f32
      error      0.150% of the weights, once stored
      adapter    out/adapter_model.safetensors (4.10 kB)
      base       rest/model.safetensors (1.00 kB, 2 weights changed)

    Modules
      module                           rank  alpha  norm   error
      model.layers.1.self_attn.q_proj     4      6   2.5  0.200%
      model.layers.0.self_attn.q_proj     4      6   2.5  2.0e-8

    Left alone
      model.layers.2.self_attn.q_proj: nothing is left of the budget

    Warning
      ! something to know

    wrote out/adapter_model.safetensors and rest/model.safetensors: train on that base"
  `);
});

test("a plan says that nothing is written", () => {
  const lines = initView({ ...report, changedBase: null, skipped: [], warnings: [] }, plainTerminal, {
    dryRun: true,
  });
  expect([lines[0], lines.at(-1)]).toMatchInlineSnapshot(`
    [
      "Plan, nothing is written: model.safetensors",
      "would write out/adapter_model.safetensors",
    ]
  `);
});
