import { expect, test } from "vitest";
import { styleFor } from "../terminal/style.ts";
import { plainTerminal, verifyReport } from "./reports.test-helper.ts";
import { verifyView } from "./verify-view.ts";

test("a verification that failed names the modules, and what only one file has", () => {
  expect(verifyView(verifyReport(false), plainTerminal).join("\n")).toMatchInlineSnapshot(`
    "Are the updates of a.safetensors and b.safetensors the same?
      A          a.safetensors, 13.2 kB
      B          b.safetensors, 6.64 kB
      modules    3 in both
      error      0.0310 of all updates together
      tolerance  0.00100 for each module

    Modules that differ most
      module                                            rank A  rank B   error  in ‖·‖₂
      base_model.model.model.layers.1.self_attn.v_proj       4       -  0.0600   0.0300  differs
      base_model.model.model.layers.1.self_attn.q_proj       8       4  0.0400   0.0200  differs
      base_model.model.model.layers.0.self_attn.v_proj       4       2  0.0200   0.0100  differs

    Only in a.safetensors
      base_model.model.model.layers.1.self_attn.v_proj

    Other tensors
      score.weight: values differ from byte 4 on

    FAIL  1 of 4 modules within 0.00100, 1 in one file only, 1 other tensor differs"
  `);
});

test("a verification that passed ends in PASS", () => {
  expect(verifyView(verifyReport(true), plainTerminal).at(-1)).toBe("PASS  4 of 4 modules within 0.00100");
});

test("the verdict is green or red where there are colours", () => {
  const coloured = { ...plainTerminal, style: styleFor(true) };
  expect(verifyView(verifyReport(true), coloured).at(-1)).toContain("\u001b[32mPASS\u001b[39m");
  expect(verifyView(verifyReport(false), coloured).at(-1)).toContain("\u001b[31mFAIL\u001b[39m");
});
