import { expect, test } from "vitest";
import { analyseView } from "./analyse-view.ts";
import { analyseReport, plainTerminal } from "./reports.test-helper.ts";

test("an analysis alone: norms, ranks and spectrum of each module, and what lower ranks cost", () => {
  expect(analyseView(analyseReport(2, false), plainTerminal).join("\n")).toMatchInlineSnapshot(`
    "tales/adapter_model.safetensors
      file         safetensors, 13.2 kB, 8 tensors
      dialect      peft
      base         llama
      modules      4 lora linear
      rank         4-8
      norm         6.53 of all updates together
      stable rank  1.33 on average
      90% energy   kept by rank 2, median 2
      99% energy   kept by rank 4, median 4

    Modules
      module                           rank  ‖ΔW‖    σ₁  r90%  r99%  stable  effective  spectrum
      model.layers.0.self_attn.q_proj     8  1.15  1.00     2     4    1.33       1.75  █▄▂▁▁▁▁▁
      model.layers.0.self_attn.v_proj     4  2.30  2.00     2     4    1.33       1.75  █▄▂▁
      model.layers.1.self_attn.q_proj     8  3.46  3.00     2     4    1.33       1.75  █▄▂▁▁▁▁▁
      model.layers.1.self_attn.v_proj     4  4.61  4.00     2     4    1.33       1.75  █▄▂▁

    ‖ΔW‖ by layer, blocks from left to right
      model.layers.{0-1}.self_attn.q_proj  ▒█
      model.layers.{0-1}.self_attn.v_proj  ▒█

    Keeping at most this rank everywhere
      rank 1  2.48 kB  error   50.0%  energy   75.0%  ██████████████████████████████
      rank 2  4.53 kB  error   25.0%  energy   93.8%  █████████████████████████████████████▌
      rank 4  8.62 kB  error   6.25%  energy   99.6%  ███████████████████████████████████████▉
      rank 8  13.2 kB  error      0%  energy    100%  ████████████████████████████████████████

    4 modules, ‖ΔW‖ 6.53, mean stable rank 1.33; rank 4 would make 8.62 kB at 6.25% error"
  `);
});

test("an analysis against the base, by layer: ratios and the share of pairs that reinforce", () => {
  expect(analyseView(analyseReport(24, true), { ...plainTerminal, columns: 120 }).join("\n"))
    .toMatchInlineSnapshot(`
      "tales/adapter_model.safetensors
        file         safetensors, 13.2 kB, 96 tensors
        against      base/model.safetensors (1.04 MB)
        dialect      peft
        base         llama
        modules      48 lora linear
        rank         4-8
        norm         6.53 of all updates together
        stable rank  1.33 on average
        90% energy   kept by rank 2, median 2
        99% energy   kept by rank 4, median 4

      Modules, by layer (medians of each group)
        module                                count  rank  ‖ΔW‖    σ₁  r90%  r99%  stable  spectrum  σ₁/‖W‖₂  σ/|f|  f > 0
        model.layers.{0-23}.self_attn.q_proj     24     8  3.46  3.00     2     4    1.33  █▄▂▁▁▁▁▁    0.300  0.938  50.0%
        model.layers.{0-23}.self_attn.v_proj     24     4  3.46  3.00     2     4    1.33  █▄▂▁        0.300   3.75  50.0%
        σ₁/‖W‖₂: the update against the strongest the weight does
        σ/|f|: each pair of the update against what the weight does along it, f
        f > 0: how many pairs reinforce the weight; the others oppose it

      ‖ΔW‖ by layer, blocks from left to right
        model.layers.{0-23}.self_attn.q_proj  ░▓█▒█░▓█▒█░▓█▒█░▓█▒█░▓█▒
        model.layers.{0-23}.self_attn.v_proj  ▒█░▓█▒█░▓█▒█░▓█▒█░▓█▒█░▓

      Keeping at most this rank everywhere
        rank 1  2.48 kB  error   50.0%  energy   75.0%  ██████████████████████████████
        rank 2  4.53 kB  error   25.0%  energy   93.8%  █████████████████████████████████████▌
        rank 4  8.62 kB  error   6.25%  energy   99.6%  ███████████████████████████████████████▉
        rank 8  13.2 kB  error      0%  energy    100%  ████████████████████████████████████████

      No weight in the base
        base_model.model.score: the base has no weight of this path

      48 modules, ‖ΔW‖ 6.53, mean stable rank 1.33; rank 4 would make 8.62 kB at 6.25% error"
    `);
});

test("in ASCII there is nothing but ASCII", () => {
  const text = analyseView(analyseReport(24, true), { ...plainTerminal, unicode: false }).join("\n");
  /* oxlint-disable-next-line no-control-regex -- the range is what ASCII is */
  expect(text).toMatch(/^[\u0000-\u007f]*$/);
  expect(text).toContain("|dW|");
});

test("lines fit a terminal of 80 columns", () => {
  const lines = analyseView(analyseReport(24, true), { ...plainTerminal, columns: 80 });
  const tables = lines.slice(0, -1);
  expect(tables.filter((line) => line.length > 80)).toEqual([]);
});

test("a zero update has a blank spectrum and nothing to reinforce", () => {
  const report = analyseReport(1, true);
  const modules = report.modules.map((module) => ({
    ...module,
    singularValues: [0, 0],
    spectral: 0,
    zero: true,
    base: { ...module.base!, subspaceFactors: [0, 0], subspaceRatios: [null, null], svalRatios: [0, 0] },
  }));
  const text = analyseView(
    { ...report, modules, summary: { ...report.summary, zeroModules: 2 } },
    plainTerminal,
  ).join("\n");
  expect(text).toContain("2 lora linear, 2 of them zero");
  expect(text).not.toMatch(/NaN|Infinity|undefined/);
});
