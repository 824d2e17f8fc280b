import { expect, test } from "vitest";
import { plainTerminal, resizeReport } from "./reports.test-helper.ts";
import { resizeView } from "./resize-view.ts";

test("a resize: sizes and ranks before and after, errors, and what became of everything else", () => {
  expect(resizeView(resizeReport(), plainTerminal).join("\n")).toMatchInlineSnapshot(`
    "Resized: tales.safetensors
      rule        energy 0.9
      dialect     kohya
      size        13.2 kB → 4.10 kB (31.1%)
      modules     10 → 7
      rank        4-8 (mean 6.0) → 1-3 (mean 1.9)
      error       23.4% of all updates together
      per module  median 30.0%, worst 100%
      stored as   f16
      output      small.safetensors

    Ranks after
      rank 0  3  ████████████████████████████████████████
      rank 1  3  ████████████████████████████████████████
      rank 2  2  ██████████████████████████▋
      rank 3  2  ██████████████████████████▋

    Largest errors
      module                                             rank  error  in ‖·‖₂
      base_model.model.model.layers.0.self_attn.q_proj  8 → 0   100%     100%
      base_model.model.model.layers.2.self_attn.q_proj  8 → 0   100%     100%
      base_model.model.model.layers.4.self_attn.q_proj  8 → 0   100%     100%
      base_model.model.model.layers.0.self_attn.v_proj  4 → 1  30.0%    20.0%
      base_model.model.model.layers.2.self_attn.v_proj  4 → 1  30.0%    20.0%
      base_model.model.model.layers.4.self_attn.v_proj  4 → 1  30.0%    20.0%
      base_model.model.model.layers.1.self_attn.q_proj  8 → 2  15.0%    10.0%
      base_model.model.model.layers.3.self_attn.q_proj  8 → 2  15.0%    10.0%

    Dropped
      base_model.model.model.layers.0.self_attn.q_proj: its update is zero
      base_model.model.model.layers.2.self_attn.q_proj: its update is zero
      base_model.model.model.layers.4.self_attn.q_proj: its update is zero

    Rewritten in another form
      conv_in: the Tucker core (lora_mid) is folded into the down factor

    Carried through as they are
      tensor        dtype  shape     size  why
      score.weight  f32    [2, 64]  512 B  saved whole

    wrote small.safetensors: 13.2 kB → 4.10 kB (31.1%), error 23.4%, 3 modules dropped"
  `);
});

test("a dry run says that nothing is written", () => {
  const lines = resizeView(resizeReport(), plainTerminal, { dryRun: true });
  expect(lines[0]).toBe("Plan, nothing is written: tales.safetensors");
  expect(lines.at(-1)).toBe(
    "would write small.safetensors: 13.2 kB → 4.10 kB (31.1%), error 23.4%, 3 modules dropped",
  );
});

test("many ranks are gathered into ranges", () => {
  const report = resizeReport();
  const modules = Array.from({ length: 100 }, (_, index) => ({ ...report.modules[0]!, rankAfter: index }));
  const lines = resizeView({ ...report, modules }, plainTerminal);
  expect(lines).toContain("    rank 0-8  9  ████████████████████████████████████████");
  expect(lines.filter((line) => /^ +rank \d+-\d+ +\d+ {2}█/.test(line))).toHaveLength(11);
});
