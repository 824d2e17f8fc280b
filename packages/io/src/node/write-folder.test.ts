import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tensorFile, tensorOfValues } from "@lora/tensor";
import { expect, test } from "vitest";
import { writeFolder } from "./write-folder.ts";

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "lora-write-folder-"));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const tensors = ["a", "b"].map((name) => [name, tensorOfValues([1, 2, 3], "f32", [3])] as const);
const model = tensorFile({ name: "made", tensors });

test("a model without shards is one file, with its sidecars", async () => {
  await inFolder(async (folder) => {
    const file = { ...model, sidecars: new Map([["config.json", "{}"]]) };
    const written = await writeFolder(file, join(folder, "out"), { recipe: "a" });
    expect(written).toMatchObject({ shards: ["model.safetensors"], resumed: [] });
    expect(readdirSync(join(folder, "out")).toSorted()).toEqual(["config.json", "model.safetensors"]);
  });
});

test("a tensor that no shard holds is refused, and nothing is left", async () => {
  await inFolder(async (folder) => {
    const file = { ...model, shards: new Map([["a", "one.safetensors"]]) };
    await expect(writeFolder(file, join(folder, "out"), { recipe: "a" })).rejects.toMatchObject({
      code: "USAGE",
      message: "a tensor of a model in several files is in none of them",
    });
    expect(readdirSync(folder)).toEqual([]);
  });
});
