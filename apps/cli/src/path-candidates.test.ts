import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { pathCandidates } from "./path-candidates.ts";

const folder = mkdtempSync(join(tmpdir(), "lora-paths-"));
mkdirSync(join(folder, "styles"));
mkdirSync(join(folder, ".hidden"));
for (const name of ["style.safetensors", "model.safetensors.index.json", "old.ckpt", "notes.txt"])
  writeFileSync(join(folder, name), "");
afterAll(() => rmSync(folder, { recursive: true }));

test("folders and checkpoints are offered, nothing else", () => {
  expect(pathCandidates(`${folder}/`)).toEqual(
    ["model.safetensors.index.json", "old.ckpt", "style.safetensors", "styles/"].map(
      (name) => `${folder}/${name}`,
    ),
  );
});

test("what is typed narrows them down, and shows hidden ones when it begins with a dot", () => {
  expect(pathCandidates(`${folder}/style.`)).toEqual([`${folder}/style.safetensors`]);
  expect(pathCandidates(`${folder}/.`)).toEqual([`${folder}/.hidden/`]);
});

test("a folder that is not there offers nothing", () => {
  expect(pathCandidates(`${folder}/nowhere/x`)).toEqual([]);
});
