import { join } from "node:path";
import type { CompareReport } from "@lora/jobs";
import { expect, test } from "vitest";
import { run } from "../run.test-helper.ts";

const samples = join(import.meta.dirname, "../../../../samples");
const tales = join(samples, "pirate-tales");
const kohya = join(samples, "kohya/pirate-tales.safetensors");

test("the same adapter in two dialects and types has one fingerprint, and is called the same", async () => {
  const { code, stdout, stderr } = await run(["compare", tales, kohya]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toContain("the same update within the rounding of f16");
  const [first, second] = stdout.match(/f1:[0-9a-f]{16}:-?\d+\.\d\d/g)!;
  expect(first).toBe(second);
  expect((await run(["inspect", kohya, "--fingerprint"])).stdout).toContain(`fingerprint  ${first}`);
});

test("JSON has every pair with its modules", async () => {
  const { stdout } = await run(["compare", tales, join(samples, "question-answer"), kohya, "--json"]);
  const { pairs, files } = JSON.parse(stdout) as CompareReport;
  expect(files).toHaveLength(3);
  expect(pairs.map(({ modules }) => modules.length)).toEqual([8, 28, 8]);
});

test("one file alone is wrong usage", async () => {
  const { code, stderr } = await run(["compare", tales]);
  expect({ code, stderr }).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("two adapters or more, not 1"),
  });
});
