import { mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { entry, rawFile } from "../safetensors/raw-file.test-helper.ts";
import { openFile } from "./open-file.ts";

const weights = rawFile({ a: entry("U8", [1], 0, 1) }, 1);
const other = rawFile({ b: entry("U8", [1], 0, 1) }, 1);
let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lora-io-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function put(names: readonly string[]): Promise<void> {
  for (const name of names) await writeFile(join(folder, name), weights);
}

/** The name of the file that opening the folder opens. */
async function chosen(): Promise<string> {
  const file = await openFile(folder);
  await file.close();
  return basename(file.name);
}

describe("a folder", () => {
  test.each([
    [["model.safetensors", "other.safetensors"], "model.safetensors"],
    [["adapter_model.safetensors", "x.safetensors", "y.safetensors"], "adapter_model.safetensors"],
    [["pytorch_lora_weights.safetensors", "scheduler.bin"], "pytorch_lora_weights.safetensors"],
    [["diffusion_pytorch_model.safetensors"], "diffusion_pytorch_model.safetensors"],
    [["mine.safetensors", "readme.md"], "mine.safetensors"],
    [["adapters.safetensors", "0000100_adapters.safetensors"], "adapters.safetensors"],
    [["adapter_model.bin", "training_args.bin"], "adapter_model.bin"],
    [["mine.gguf", "readme.md"], "mine.gguf"],
  ])("of %j opens %s", async (names, expected) => {
    await put(names);
    expect(await chosen()).toBe(expected);
  });

  test("opens the model that an index describes, and every shard", async () => {
    await put(["model.safetensors", "s1.safetensors"]);
    await writeFile(join(folder, "s2.safetensors"), other);
    const index = { weight_map: { a: "s1.safetensors", b: "s2.safetensors" } };
    await writeFile(join(folder, "model.safetensors.index.json"), JSON.stringify(index));
    const file = await openFile(folder);
    expect([basename(file.name), ...file.tensors.keys()]).toEqual(["model.safetensors.index.json", "a", "b"]);
    expect(file.byteLength).toBe(weights.length + other.length);
    expect(await file.tensors.get("b")?.bytes()).toEqual(Uint8Array.of(0));
    await file.close();
    await expect(file.tensors.get("b")?.bytes()).rejects.toMatchObject({
      code: "IO",
      facts: { tensor: "b" },
    });
  });

  test.each([
    [["x.safetensors", "y.safetensors"], "USAGE", "the folder holds 2 models: x.safetensors, y.safetensors"],
    [
      ["model.safetensors", "adapter_model.safetensors"],
      "USAGE",
      "the folder holds 2 models: adapter_model.safetensors, model.safetensors",
    ],
    [
      ["a", "b", "c", "d", "e", "f", "g", "h", "i"].map((name) => `${name}.safetensors`),
      "USAGE",
      "the folder holds 9 models: a.safetensors, b.safetensors, c.safetensors, d.safetensors, e.safetensors, f.safetensors, g.safetensors, h.safetensors and 1 more",
    ],
    [["readme.md"], "MISSING", "the folder holds no checkpoint"],
    [["a.bin", "b.pt"], "USAGE", "the folder holds 2 models: a.bin, b.pt"],
  ])("of %j is refused", async (names, code, message) => {
    await put(names);
    await expect(openFile(folder)).rejects.toMatchObject({ code, message, facts: { file: folder } });
  });

  test("with an index whose shard is missing is refused", async () => {
    const path = join(folder, "model.safetensors.index.json");
    await writeFile(path, JSON.stringify({ weight_map: { a: "gone.safetensors" } }));
    await expect(openFile(folder)).rejects.toMatchObject({
      code: "MISSING",
      message: "the index names gone.safetensors, which is not beside it",
      facts: { file: path },
    });
  });
});

describe("sidecars", () => {
  test("of the same folder come along as text", async () => {
    await put(["x.safetensors"]);
    await writeFile(join(folder, "adapter_config.json"), '{"r": 8}');
    await writeFile(join(folder, "notes.json"), "{}");
    const file = await openFile(join(folder, "x.safetensors"));
    expect([...file.sidecars]).toEqual([["adapter_config.json", '{"r": 8}']]);
    await file.close();
  });

  test("of more than 10 MB are refused", async () => {
    await put(["x.safetensors"]);
    const path = join(folder, "config.json");
    await writeFile(path, " ".repeat(10 * 2 ** 20 + 1));
    await expect(openFile(join(folder, "x.safetensors"))).rejects.toMatchObject({
      code: "FORMAT",
      message: "the file has 10485761 bytes, and at most 10485760 of text are read",
      facts: { file: path },
    });
  });
});

describe("a path where nothing is", () => {
  test("comes with the most similar name", async () => {
    await put(["style.safetensors", "other.safetensors"]);
    await expect(openFile(join(folder, "stile.safetensor"))).rejects.toMatchObject({
      code: "MISSING",
      message: "there is no such file or folder",
      advice: `did you mean ${join(folder, "style.safetensors")}?`,
    });
  });

  test("comes without one where none is similar, or where the folder is missing, too", async () => {
    await put(["style.safetensors"]);
    await expect(openFile(join(folder, "zzz"))).rejects.toMatchObject({
      code: "MISSING",
      advice: "check the path",
    });
    const missing = join(folder, "none");
    await expect(openFile(join(missing, "x"))).rejects.toMatchObject({
      code: "MISSING",
      message: `there is no folder ${missing}`,
    });
  });
});

test("values beyond 4 GB are found where they are", async () => {
  const path = join(folder, "sparse.safetensors");
  const size = 5 * 2 ** 30;
  const header = rawFile({ big: entry("U8", [size], 0, size), last: entry("U16", [2], size, size + 4) }, 0);
  const handle = await open(path, "w");
  await handle.write(header, 0, header.length, 0);
  await handle.write(Uint8Array.of(1, 2, 3, 4), 0, 4, header.length + size);
  await handle.close();
  const file = await openFile(path);
  expect(await file.tensors.get("last")?.bytes()).toEqual(Uint8Array.of(1, 2, 3, 4));
  expect(await file.tensors.get("big")?.bytes([size - 2, size])).toEqual(new Uint8Array(2));
  await file.close();
});
