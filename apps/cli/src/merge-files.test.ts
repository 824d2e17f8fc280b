import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { inFolder } from "./bad-input/malformed.test-helper.ts";
import { run } from "./run.test-helper.ts";

const SAMPLES = join(import.meta.dirname, "../../../samples");
const [BASE, ADAPTER] = [join(SAMPLES, "base"), join(SAMPLES, "pirate-tales")];

test("a sample is merged, and what is extracted of the result is the adapter again", async () => {
  await inFolder(async (folder) => {
    const [merged, extracted] = [join(folder, "merged"), join(folder, "extracted")];
    const merge = await run(["merge", `${ADAPTER}:0.5`, "--base", BASE, "-o", merged]);
    expect(merge).toMatchObject({ code: 0, stderr: "" });
    expect(merge.stdout).toContain("× 0.500, 28 of 28 modules (peft)");
    const extract = await run([
      "extract",
      "--base",
      BASE,
      "--tuned",
      merged,
      "-o",
      extracted,
      "--rank",
      "16",
    ]);
    expect(extract).toMatchObject({ code: 0, stderr: "" });
    expect(extract.stdout).toContain("28 changed");
    expect(
      (await run(["merge", extracted, "--base", BASE, "-o", join(folder, "again.safetensors")])).code,
    ).toBe(0);
  });
});

test.each([
  ["merge without an output", ["merge", ADAPTER, "--base", BASE], "USAGE  merge needs a place to write to"],
  [
    "extract without an output",
    ["extract", "--base", BASE, "--tuned", BASE, "--rank", "1"],
    "USAGE  extract needs a place to write to",
  ],
  [
    "a weight that is no number",
    ["merge", `${ADAPTER}:strong`, "--base", BASE, "-o", "never"],
    'USAGE  the weight of an adapter is a number, not "strong"',
  ],
])("%s is wrong usage", async (_, argv, rule) => {
  const { code, stderr } = await run(argv);
  expect([code, stderr.split("\n")[0]]).toEqual([2, rule]);
});

test("a folder that holds anything is not written to", async () => {
  await inFolder(async (folder) => {
    const out = join(folder, "out");
    mkdirSync(out);
    writeFileSync(join(out, "notes.txt"), "mine");
    const { stderr } = await run(["merge", ADAPTER, "--base", BASE, "-o", out]);
    expect(stderr.split("\n")[0]).toBe("USAGE  the output folder is there already");
  });
});
