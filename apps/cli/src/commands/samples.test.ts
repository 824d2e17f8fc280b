import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { AnalyseReport, InspectReport, ResizeReport, VerifyReport } from "@lora/jobs";
import { expect, test } from "vitest";
import { inFolder } from "../bad-input/malformed.test-helper.ts";
import { run } from "../run.test-helper.ts";

const samples = join(import.meta.dirname, "../../../../samples");
const tales = join(samples, "pirate-tales");
const answers = join(samples, "question-answer");
const base = join(samples, "base");

/** The report that a run printed as JSON. */
async function report<Report>(...argv: string[]): Promise<Report> {
  const { code, stdout, stderr } = await run([...argv, "--json"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout.trimEnd()).not.toContain("\n");
  return JSON.parse(stdout) as Report;
}

test("inspect says what a PEFT folder is", async () => {
  const { code, stdout, stderr } = await run(["inspect", answers]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout.replaceAll(samples, "samples")).toMatchInlineSnapshot(`
    "samples/question-answer/adapter_model.safetensors
      file       safetensors, 59.4 kB, 16 tensors
      dialect    peft (100% sure)
      because    16 of 16 names; 8 of 8 modules begin with base_model.model.; adapter_config.json says LORA
      base       llama
      modules    8 lora linear
      rank       8
      alpha      16
      scale      5.65685
      stored as  f32

    Modules
      module                           rank  alpha    scale  shape    dtype     size
      model.layers.0.self_attn.q_proj     8     16  5.65685  128x128  f32    8.19 kB
      model.layers.0.self_attn.v_proj     8     16  5.65685  64x128   f32    6.14 kB
      model.layers.1.self_attn.q_proj     8     16  5.65685  128x128  f32    8.19 kB
      model.layers.1.self_attn.v_proj     8     16  5.65685  64x128   f32    6.14 kB
      model.layers.2.self_attn.q_proj     8     16  5.65685  128x128  f32    8.19 kB
      model.layers.2.self_attn.v_proj     8     16  5.65685  64x128   f32    6.14 kB
      model.layers.3.self_attn.q_proj     8     16  5.65685  128x128  f32    8.19 kB
      model.layers.3.self_attn.v_proj     8     16  5.65685  64x128   f32    6.14 kB

    8 modules of rank 8, 57.3 kB of factors
    "
  `);
});

test("inspect --json is the report itself", async () => {
  const inspected = await report<InspectReport>("inspect", answers);
  expect(inspected).toMatchObject({ job: "inspect", dialect: "peft", baseArchitecture: "llama" });
  expect(inspected.modules).toHaveLength(8);
});

test("the kohya copy of an adapter is another dialect of the same modules", async () => {
  const kohya = await report<InspectReport>("inspect", join(samples, "kohya/pirate-tales.safetensors"));
  const peft = await report<InspectReport>("inspect", tales);
  expect(kohya.dialect).toBe("kohya");
  expect(kohya.modules.map(({ rank, scale }) => [rank, scale])).toEqual(
    peft.modules.map(({ rank, scale }) => [rank, scale]),
  );
});

test("analyse measures every module, with --base also against its weight", async () => {
  const analysed = await report<AnalyseReport>("analyse", answers, "--base", base);
  expect(analysed.summary.unpaired).toEqual([]);
  for (const module of analysed.modules) {
    expect(module.singularValues).toHaveLength(8);
    expect(module.base?.svalRatios[0]).toBeCloseTo(module.spectral / module.base!.spectralNorm, 10);
  }
  const { stdout } = await run(["analyze", answers, "--base", base, "--modules", "*v_proj"]);
  expect(stdout).toContain("against      ");
  expect(stdout.match(/^ {2}model\.layers\.\d\.self_attn\.v_proj /gm)).toHaveLength(4);
  expect(stdout).not.toMatch(/^ {2}model\.layers\.\d\.self_attn\.q_proj /m);
});

test("a resized adapter is a folder that verifies within its error, and not within rounding", async () => {
  await inFolder(async (folder) => {
    const out = join(folder, "small");
    const resized = await report<ResizeReport>("resize", tales, "-o", out, "--energy", "0.95");
    expect(readdirSync(out).toSorted()).toEqual(["adapter_config.json", "adapter_model.safetensors"]);
    expect(statSync(resized.output.path).size).toBe(resized.output.bytes);
    const worst = Math.max(...resized.modules.map((module) => module.relativeErrorFrobenius ?? 0));

    const within = await run(["verify", tales, out, "--tolerance", String(worst * 1.000_001), "--json"]);
    expect(within.code).toBe(0);
    const verified = JSON.parse(within.stdout) as VerifyReport;
    expect(verified.relativeErrorFrobenius).toBeCloseTo(resized.relativeErrorFrobenius, 6);

    const strict = await run(["verify", tales, out]);
    expect({ code: strict.code, stderr: strict.stderr }).toEqual({ code: 3, stderr: "" });
    expect(strict.stdout).toMatch(/^FAIL {2}0 of 28 modules within /m);
  });
});

test("an adapter verifies against itself", async () => {
  expect((await run(["verify", tales, tales])).stdout).toMatch(/^PASS {2}28 of 28 modules/m);
});

test("several recipes write one output each, named after the recipe, one report a line", async () => {
  await inFolder(async (folder) => {
    const kohya = join(samples, "kohya/pirate-tales.safetensors");
    const recipe = "spn_ckpt=1,thr=-0.5:spn_ckpt=1,thr=0";
    const argv = ["resize", kohya, "-o", join(folder, "t.safetensors"), "--base", base, "--recipe", recipe];
    const { code, stdout } = await run([...argv, "--json"]);
    expect(code).toBe(0);
    const reports = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as ResizeReport);
    expect(reports).toHaveLength(2);
    expect(readdirSync(folder).toSorted()).toEqual(
      reports.map(({ output }) => output.path.slice(folder.length + 1)).toSorted(),
    );
    expect(reports.every(({ output }) => /\/t_spnckpt1_th-?[\d.]+\.safetensors$/.test(output.path))).toBe(
      true,
    );
  });
});

test("several outputs with a config each need a folder each", async () => {
  await inFolder(async (folder) => {
    const recipe = "spn_lora=1,thr=-0.5:spn_lora=1,thr=-1";
    const shared = await run(["resize", tales, "-o", join(folder, "t.safetensors"), "--recipe", recipe]);
    expect(shared.code).toBe(2);
    expect(shared.stderr).toContain("USAGE  2 outputs with a config each cannot share one folder\n");
    expect(readdirSync(folder)).toEqual([]);
    expect((await run(["resize", tales, "-o", join(folder, "t"), "--recipe", recipe])).code).toBe(0);
    for (const name of readdirSync(folder))
      expect(existsSync(join(folder, name, "adapter_config.json"))).toBe(true);
    expect(readdirSync(folder)).toHaveLength(2);
  });
});

test("progress is drawn on a watched stderr, and on no other", async () => {
  const watched = await run(["analyse", answers], { watched: true });
  const clear = "\r\u001b[2K";
  expect(watched.stderr.startsWith(`${clear}analysing`)).toBe(true);
  expect(watched.stderr.endsWith(clear)).toBe(true);
  for (const argv of [["--quiet"], ["--no-progress"]]) {
    expect((await run(["analyse", answers, ...argv], { watched: true })).stderr).toBe("");
  }
  expect(
    (await run(["analyse", answers], { watched: true, env: { LANG: "C.UTF-8", CI: "true" } })).stderr,
  ).toBe("");
  expect((await run(["analyse", answers])).stderr).toBe("");
});

test("--verbose says how long it took", async () => {
  expect((await run(["inspect", answers, "-v"])).stderr).toMatch(/^took \d+\.\d s\n$/);
});

test("a locale without UTF-8 and --ascii get ASCII", async () => {
  const posix = await run(["analyse", answers], { env: { LANG: "C" } });
  expect(posix.stdout).toContain("|dW|");
  expect(posix.stdout).toBe((await run(["analyse", answers, "--ascii"])).stdout);
});

test("the same inputs, options and seed print the same bytes", async () => {
  const argv = ["analyse", answers, "--base", base, "--seed", "7", "--json"];
  expect((await run(argv)).stdout).toBe((await run(argv)).stdout);
});
