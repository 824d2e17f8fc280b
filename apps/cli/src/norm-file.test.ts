import { cp, readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ResizeReport } from "@lora/jobs";
import { expect, test } from "vitest";
import { inFolder } from "./bad-input/malformed.test-helper.ts";
import { run } from "./run.test-helper.ts";

const samples = join(import.meta.dirname, "../../../samples");
const adapter = join(samples, "pirate-tales");

interface Norms {
  readonly norms: Record<string, { spectralNorm?: number; frobeniusNorm?: number }>;
}

/** Ranks of a resize by the norms of a base. */
async function ranks(base: string, norms: string): Promise<readonly number[]> {
  const recipe = ["--recipe", "spn_ckpt=1,thr=-1.6"];
  const files = ["--base", base, "--norms", norms, "-o", `${norms}.safetensors`, "--force"];
  const { stdout, stderr } = await run(["resize", adapter, ...recipe, ...files, "--json"]);
  expect(stderr).toBe("");
  return (JSON.parse(stdout) as ResizeReport).modules.map(({ rankAfter }) => rankAfter);
}

test("norms are kept, used again, and forgotten once the base is another", async () => {
  await inFolder(async (folder) => {
    const [base, norms] = [join(folder, "base"), join(folder, "norms.json")];
    await cp(join(samples, "base"), base, { recursive: true });
    const first = await ranks(base, norms);
    const kept = JSON.parse(await readFile(norms, "utf8")) as Norms;
    const names = Object.keys(kept.norms);
    expect(names).toHaveLength(first.length);
    expect(Math.max(...first)).toBeGreaterThan(1);
    expect(await ranks(base, norms)).toEqual(first);

    // What the file says is believed: beside a base so large, one pair of each module is all that stays.
    for (const name of names) kept.norms[name] = { spectralNorm: 1e9 };
    await writeFile(norms, JSON.stringify(kept));
    expect((await ranks(base, norms)).every((rank) => rank === 1)).toBe(true);

    await utimes(join(base, "model.safetensors"), 1, 1);
    expect(await ranks(base, norms)).toEqual(first);
  });
});

test("a file that holds no norms is not overwritten", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "notes.json");
    for (const text of ["[1]", "dear diary", "null"]) {
      await writeFile(path, text);
      const args = ["resize", adapter, "--rank", "2", "--base", join(samples, "base"), "--norms", path];
      const { code, stderr } = await run([...args, "-o", join(folder, "x.safetensors")]);
      expect(code).not.toBe(0);
      expect(stderr).toContain("this is no file of norms, and it would be overwritten");
      expect(await readFile(path, "utf8")).toBe(text);
    }
  });
});

test("norms without a base are refused", async () => {
  const { stderr } = await run([
    "resize",
    adapter,
    "--rank",
    "2",
    "--norms",
    "x.json",
    "-o",
    "x.safetensors",
  ]);
  expect(stderr).toContain("--norms keeps the norms of a base, and none was given");
});
