import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BuiltCli, buildCli, spawned } from "../built-cli.test-helper.ts";

let cli: BuiltCli;
beforeAll(async () => {
  cli = await buildCli();
});
afterAll(() => cli.remove());

/** What the script of a shell gets for words, without the descriptions. */
async function offered(...words: string[]): Promise<string[]> {
  const { code, stdout, stderr } = await spawned([process.execPath, cli.path, "complete", "--", ...words]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout
    .trimEnd()
    .split("\n")
    .slice(0, -1)
    .map((line) => line.split("\t")[0]!);
}

describe("lora complete", () => {
  test.each(["bash", "zsh", "fish", "powershell"])("prints a script for %s", async (shell) => {
    const { code, stdout } = await spawned([process.execPath, cli.path, "complete", shell]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/lora complete '?--/);
  });

  test("refuses another shell, and none", async () => {
    const other = await spawned([process.execPath, cli.path, "complete", "tcsh"]);
    expect(other).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining("zsh, bash, fish, powershell"),
    });
    expect(await spawned([process.execPath, cli.path, "complete"])).toMatchObject({ code: 2, stdout: "" });
  });

  test("offers commands, flags, and the values of flags", async () => {
    expect(await offered("re")).toEqual(["resize"]);
    expect(await offered("resize", "x.safetensors", "--sv-r")).toEqual(["--sv-ratio"]);
    expect(await offered("merge", "x.safetensors", "--sh")).toEqual(["--shard"]);
    expect(await offered("resize", "x.safetensors", "--dtype", "")).toEqual(["f16", "bf16", "f32"]);
  });

  test("offers checkpoints where one is wanted", async () => {
    const kohya = join(import.meta.dirname, "../../../../samples/kohya/");
    expect(await offered("inspect", kohya)).toEqual([`${kohya}pirate-tales.safetensors`]);
    expect(await offered("join", kohya)).toEqual([`${kohya}pirate-tales.safetensors`]);
    expect(await offered("resize", "x.safetensors", "--base", kohya)).toEqual([
      `${kohya}pirate-tales.safetensors`,
    ]);
  });
});
