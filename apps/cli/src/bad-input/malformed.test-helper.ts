import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "vitest";
import { type Run, run } from "../run.test-helper.ts";

/** A tensor as a hand-made file holds it. */
export interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** The bytes of a safetensors file, with any header and any claim of its length. */
export function safetensors(header: string | object, data: Uint8Array, claimed?: bigint): Buffer {
  const text = Buffer.from(typeof header === "string" ? header : JSON.stringify(header), "utf8");
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(claimed ?? BigInt(text.length));
  return Buffer.concat([length, text, data]);
}

/** A tensor of f32 values by name. */
export interface Values {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

/** A well-formed safetensors file of f32 tensors, whatever they say as an adapter. */
export function fileOf(tensors: Readonly<Record<string, Values>>): Buffer {
  const header: Record<string, Entry> = {};
  const parts: Buffer[] = [];
  let end = 0;
  for (const [name, { shape, values }] of Object.entries(tensors)) {
    const bytes = Buffer.from(new Float32Array(values).buffer);
    header[name] = { dtype: "F32", shape, data_offsets: [end, end + bytes.length] };
    end += bytes.length;
    parts.push(bytes);
  }
  return safetensors(header, Buffer.concat(parts));
}

/** Values 1, 2, 3, … in a shape. */
export function counting(...shape: readonly number[]): Values {
  const count = shape.reduce((product, size) => product * size, 1);
  return { shape, values: Array.from({ length: count }, (_, index) => index + 1) };
}

export const MODULE = "lora_unet_mid_block_attentions_0_proj_in";

/** The tensors of one sound kohya module: up 3 × 2, down 2 × 4, alpha 2. */
export const soundModule: Readonly<Record<string, Values>> = {
  [`${MODULE}.alpha`]: { shape: [], values: [2] },
  [`${MODULE}.lora_down.weight`]: counting(2, 4),
  [`${MODULE}.lora_up.weight`]: counting(3, 2),
};

/** A folder of its own for a test, gone after `work`. */
export async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "lora-bad-input-"));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What must not change: every file of a folder with the hash of its bytes. */
export function contents(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).toSorted();
  return Object.fromEntries(files.map((file) => [file, digest(join(folder, file))]));
}

function digest(path: string): string {
  return statSync(path).isFile() ? createHash("sha256").update(readFileSync(path)).digest("hex") : "folder";
}

/** What a refusal must look like. */
export interface Refusal {
  readonly code?: number;
  /** The whole first line on stderr: code and rule with its numbers. */
  readonly rule: string | RegExp;
  /** The path after `file:`. */
  readonly file?: string;
  /** The name after `tensor:`. */
  readonly tensor?: string | undefined;
}

/**
 * Runs a command that must fail: nothing on stdout, one error on stderr with place and advice, no new file, no
 * changed file.
 *
 * @param folder where all files of the run are
 */
export async function expectRefused(argv: readonly string[], folder: string, refusal: Refusal): Promise<Run> {
  const before = contents(folder);
  const result = await run(argv);
  const [rule, ...places] = result.stderr.trimEnd().split("\n");
  if (typeof refusal.rule === "string") expect(rule).toBe(refusal.rule);
  else expect(rule).toMatch(refusal.rule);
  if (refusal.file !== undefined) expect(places).toContain(`          file: ${refusal.file}`);
  if (refusal.tensor !== undefined) expect(places).toContain(`          tensor: ${refusal.tensor}`);
  expect(places.at(-1)).toMatch(/^ {10}try: ./);
  expect(places.filter((line) => !/^ {10}(file|format|stored|tensor|module|try): ./.test(line))).toEqual([]);
  expect({ code: result.code, stdout: result.stdout }).toEqual({ code: refusal.code ?? 1, stdout: "" });
  expect(contents(folder)).toEqual(before);
  return result;
}

/** Writes a broken file and expects every command to refuse it in the same words. */
export async function expectFileRefused(bytes: Uint8Array, refusal: Refusal): Promise<void> {
  await inFolder(async (folder) => {
    const path = join(folder, "style.safetensors");
    writeFileSync(path, bytes);
    const out = join(folder, "out.safetensors");
    for (const argv of [
      ["inspect", path],
      ["analyse", path],
      ["resize", path, "-o", out, "--rank", "1"],
      ["verify", path, path],
    ]) {
      await expectRefused(argv, dirname(path), { ...refusal, file: path });
    }
  });
}
