import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { run } from "../run.test-helper.ts";
import {
  counting,
  expectRefused,
  fileOf,
  inFolder,
  safetensors,
  type Values,
} from "./malformed.test-helper.ts";

const PATH = "model.layers.0.self_attn.q_proj";
const adapter = {
  [`base_model.model.${PATH}.lora_A.weight`]: counting(2, 4),
  [`base_model.model.${PATH}.lora_B.weight`]: counting(3, 2),
};

/** An adapter with its base in one folder, and what a command against that base is called with. */
async function against(
  base: Buffer | Readonly<Record<string, Values>>,
  work: (paths: { folder: string; adapter: string; base: string }) => Promise<void>,
): Promise<void> {
  await inFolder(async (folder) => {
    const paths = {
      folder,
      adapter: join(folder, "style.safetensors"),
      base: join(folder, "base.safetensors"),
    };
    writeFileSync(paths.adapter, fileOf(adapter));
    writeFileSync(
      join(folder, "adapter_config.json"),
      JSON.stringify({ peft_type: "LORA", r: 2, lora_alpha: 2 }),
    );
    writeFileSync(paths.base, Buffer.isBuffer(base) ? base : fileOf(base));
    await work(paths);
  });
}

function resizeArgv(paths: { folder: string; adapter: string; base: string }): string[] {
  const out = join(paths.folder, "out");
  return ["resize", paths.adapter, "-o", out, "--base", paths.base, "--recipe", "spn_ckpt=1,thr=-1"];
}

test("the sound base of these tests is accepted", async () => {
  await against({ [`${PATH}.weight`]: counting(3, 4) }, async (paths) => {
    expect(await run(["analyse", paths.adapter, "--base", paths.base])).toMatchObject({
      code: 0,
      stderr: "",
    });
    expect(await run(resizeArgv(paths))).toMatchObject({ code: 0, stderr: "" });
  });
});

test.each([
  [
    "a base whose weight has another shape",
    { [`${PATH}.weight`]: counting(5, 4) },
    /^SHAPE {2}the module is for a weight of 3 × 4, the base has 5 × 4$/,
  ],
  [
    "a base without the module",
    { "model.norm.weight": counting(4) },
    /^MISSING {2}the base has no weight for (any of the )?1 (of 1 )?modules: the base has no weight of this name$/,
  ],
  [
    "a base with NaN in the weight",
    { [`${PATH}.weight`]: { shape: [3, 4], values: [1, 2, Number.NaN, 4, 5, 6, 7, 8, 9, 10, 11, 12] } },
    /^NUMERIC {2}value 2 of the base weight is NaN$/,
  ],
  [
    "a base that is broken",
    safetensors("[]", new Uint8Array(0)),
    /^FORMAT {2}the header is JSON, but not an object$/,
  ],
])("%s is refused", async (_, base, rule) => {
  await against(base, async (paths) => {
    const refusal = { rule, file: paths.base };
    await expectRefused(["analyse", paths.adapter, "--base", paths.base], paths.folder, refusal);
    await expectRefused(resizeArgv(paths), paths.folder, refusal);
  });
});

test("a rule that needs the base says so when there is none", async () => {
  await against({}, async (paths) => {
    const argv = ["resize", paths.adapter, "-o", join(paths.folder, "out"), "--recipe", "spn_ckpt=1,thr=-1"];
    await expectRefused(argv, paths.folder, {
      code: 2,
      rule: "USAGE  this rule reads the base model (spectralNorm), and none was given",
    });
  });
});
