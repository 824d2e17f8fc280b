import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { initMethods, type InitReport } from "@lora/jobs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run } from "../run.test-helper.ts";
import { METHODS } from "./_init-methods.ts";

const BASE = resolve(import.meta.dirname, "../../../../samples/base");
const SMALL = ["init", "--base", BASE, "--rank", "2", "--target-modules", "q_proj"];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lora-init-"));
});
afterAll(() => rm(folder, { recursive: true }));

test("help names every initialiser", () => {
  const named = METHODS.map((method) => method.replace(/_niter_\d+$/, "_niter"));
  expect([...named].sort()).toEqual(initMethods().sort());
});

test("a plain adapter is a PEFT folder", async () => {
  const out = join(folder, "plain");
  const { code, stderr } = await run([...SMALL, "-o", out]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(await readdir(out)).toEqual(["adapter_config.json", "adapter_model.safetensors"]);
  const config = JSON.parse(await readFile(join(out, "adapter_config.json"), "utf8")) as Record<
    string,
    unknown
  >;
  expect([config["r"], config["lora_alpha"], config["target_modules"]]).toEqual([2, 2, ["q_proj"]]);
});

test("a method that changes the base writes both, and says so in its report", async () => {
  const [out, rest] = [join(folder, "pissa"), join(folder, "rest")];
  const words = [
    "--method",
    "pissa_niter_1",
    "--set",
    "oversampling=2",
    "-o",
    out,
    "--residual-base",
    `${rest}/`,
  ];
  const { code, stdout } = await run([...SMALL, ...words, "--json"]);
  expect(code).toBe(0);
  const report = JSON.parse(stdout) as InitReport;
  expect(report.changedBase?.path).toBe(join(rest, "model.safetensors"));
  expect(report.changedBase?.changed).toBe(report.modules.length);
  expect(await readdir(rest)).toEqual(["config.json", "model.safetensors"]);
});

test("a dry run writes nothing", async () => {
  const { code, stdout } = await run([...SMALL, "--method", "olora", "--dry-run"]);
  expect(code).toBe(0);
  expect(stdout).toContain("Plan, nothing is written");
});

test.each([
  ["no place", [], "init needs a place to write to"],
  [
    "no place for the base",
    ["--method", "olora", "-o", "x"],
    "olora changes the base, and nothing says where that goes",
  ],
  ["a base that stays", ["-o", "x", "--residual-base", "y"], "default keeps the base as it is"],
  [
    "an option without a value",
    ["-o", "x", "--set", "iterations"],
    '--set takes name=value, not "iterations"',
  ],
])("wrong usage is told before any work: %s", async (_, words, message) => {
  const { code, stderr } = await run([...SMALL, ...words]);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});
