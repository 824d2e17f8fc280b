import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run } from "../run.test-helper.ts";
import { WRITTEN_DIALECTS } from "./_convert-flags.ts";

const root = path.resolve(import.meta.dirname, "../../../..");
const adapter = path.join(root, "samples/pirate-tales");
const base = path.join(root, "samples/base");

let folder = "";
beforeAll(() => void (folder = mkdtempSync(path.join(tmpdir(), "convert-"))));
afterAll(() => rmSync(folder, { recursive: true }));

test("PEFT becomes a GGUF adapter and comes back bit for bit", async () => {
  const out = path.join(folder, "adapter.gguf");
  const there = await run(["convert", adapter, "-o", out, "--to", "gguf", "--base", base]);
  expect(there.stderr).toBe("");
  expect(there.stdout).toMatch(/PASS {2}read back: 28 of 28 modules .* error 0 of all together/);
  const peft = path.join(folder, "peft");
  const back = await run(["convert", out, "-o", peft, "--to", "peft", "--base", base, "--json"]);
  expect(back.code).toBe(0);
  const again = await run(["verify", adapter, peft, "--json"]);
  expect(JSON.parse(again.stdout)).toMatchObject({ passed: true, onlyInA: [], onlyInB: [] });
});

test("MLX gets a folder with its own file names", async () => {
  const out = path.join(folder, "mlx");
  expect(await run(["convert", adapter, "-o", out, "--to", "mlx"])).toMatchObject({ code: 0 });
  expect(existsSync(path.join(out, "adapters.safetensors"))).toBe(true);
  expect(JSON.parse(readFileSync(path.join(out, "adapter_config.json"), "utf8"))).toMatchObject({
    fine_tune_type: "lora",
    lora_parameters: { rank: 16, scale: 2 },
  });
});

test("a tolerance that rounding breaks ends with 3, and says where", async () => {
  const out = path.join(folder, "half");
  const flags = ["--to", "peft", "--dtype", "bf16", "--tolerance", "1e-9"];
  const { code, stdout } = await run(["convert", adapter, "-o", out, ...flags]);
  expect(code).toBe(3);
  expect(stdout).toMatch(/Different after reading back\n {2}base_model\.model\.model\.layers\.0\./);
  expect(stdout).toContain("FAIL  read back: 0 of 28 modules within");
});

test.each([
  [[], "convert needs a place to write to"],
  [["-o", "x.safetensors", "--components", "vae"], "no component is called vae"],
])("%o is refused", async (flags, message) => {
  const { code, stderr } = await run(["convert", adapter, "--to", "kohya", ...flags]);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});

test("a GGUF adapter in a folder is refused", async () => {
  const { code, stderr } = await run(["convert", adapter, "--to", "gguf", "-o", folder, "--base", base]);
  expect([code, stderr]).toEqual([2, expect.stringContaining("a file whose name ends in .gguf")]);
});

test("the help names every dialect that is written", () => {
  const text = readFileSync(path.join(root, "docs/formats.md"), "utf8");
  const written = [...text.matchAll(/^\| `([^`]+)` \| read, written \|/gm)].map(([, id]) => id!);
  expect(WRITTEN_DIALECTS.toSorted()).toEqual(written.toSorted());
});
