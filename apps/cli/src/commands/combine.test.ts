import { existsSync } from "node:fs";
import { join } from "node:path";
import { combineMethodNames, type CombineReport, type VerifyReport } from "@lora/jobs";
import { expect, test } from "vitest";
import { inFolder } from "../bad-input/malformed.test-helper.ts";
import { run } from "../run.test-helper.ts";

const samples = join(import.meta.dirname, "../../../../samples");
const tales = join(samples, "pirate-tales");
const answers = join(samples, "question-answer");

test("two PEFT adapters become one that is their weighted sum, whichever comes first", async () => {
  await inFolder(async (folder) => {
    const [one, other] = [join(folder, "one"), join(folder, "other")];
    const first = await run(["combine", `${tales}:0.7`, `${answers}:-0.3`, "-o", one, "--json"]);
    expect({ code: first.code, stderr: first.stderr }).toEqual({ code: 0, stderr: "" });
    const report = JSON.parse(first.stdout) as CombineReport;
    expect(report.inputs.map(({ weight }) => weight)).toEqual([0.7, -0.3]);
    expect(report.relativeErrorFrobenius).toBeLessThan(1e-6);
    await run(["combine", `${answers}:-0.3`, `${tales}:0.7`, "-o", other, "--method", "cat"]);
    const { stdout } = await run(["verify", one, other, "--json", "--tolerance", "1e-6"]);
    expect(JSON.parse(stdout) as VerifyReport).toMatchObject({ passed: true, onlyInA: [], onlyInB: [] });
  });
});

test("a dry run tells interference and writes nothing", async () => {
  await inFolder(async (folder) => {
    const out = join(folder, "out");
    const { code, stdout } = await run([
      "combine",
      tales,
      answers,
      "-o",
      out,
      "--method",
      "ties",
      "--dry-run",
    ]);
    expect(code).toBe(0);
    expect(stdout).toContain("Plan, nothing is written: 2 adapters by ties");
    expect(stdout).toContain("Interference");
    expect(existsSync(out)).toBe(false);
  });
});

test("without a place to write to it is wrong usage", async () => {
  const { code, stderr } = await run(["combine", tales]);
  expect(code).toBe(2);
  expect(stderr).toContain("combine needs a place to write to");
});

test("help names every method there is", async () => {
  const { stdout } = await run(["combine", "--help"]);
  for (const id of combineMethodNames()) expect(stdout).toMatch(new RegExp(`\\b${id}\\b`));
});
