import { existsSync } from "node:fs";
import { mkdtemp, readFile, readdir, rm, symlink, writeFile as put } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LazyTensor } from "@lora/tensor";
import { tensorFile, tensorOfValues } from "@lora/tensor";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openFile } from "./open-file.ts";
import { checkOutput } from "./check-output.ts";
import { writeFile } from "./write-file.ts";

const weight = tensorOfValues([1, 2, 3], "bf16", [3]);
const model = tensorFile({ name: "new", tensors: [["w", weight]] });
const adapter = { ...model, sidecars: new Map([["adapter_config.json", '{"r":1}']]) };
let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lora-io-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("what is written", () => {
  test("a path that ends in .safetensors is the file, its sidecars beside it", async () => {
    const path = join(folder, "out.safetensors");
    const written = await writeFile(adapter, path, { sync: true });
    expect(written).toEqual({ path, bytes: (await readFile(path)).length });
    expect((await readdir(folder)).sort()).toEqual(["adapter_config.json", "out.safetensors"]);
    const again = await openFile(path);
    expect([...again.sidecars]).toEqual([...adapter.sidecars]);
    expect(await again.tensors.get("w")?.bytes()).toEqual(await weight.bytes());
    await again.close();
  });

  test.each([
    ["a path without extension", "a/b/out", model, "model.safetensors"],
    ["a path without extension, of an adapter", "out", adapter, "adapter_model.safetensors"],
    ["a folder that is there", ".", adapter, "adapter_model.safetensors"],
  ])("%s is a folder that can be opened", async (_, name, file, expected) => {
    const path = join(folder, name);
    expect((await writeFile(file, path)).path).toBe(join(path, expected));
    const again = await openFile(path);
    expect([...again.tensors.keys()]).toEqual(["w"]);
    await again.close();
  });

  test("a folder with a dot in its name is a folder where it is there", async () => {
    const path = await mkdtemp(join(folder, "v1."));
    expect((await writeFile(model, path)).path).toBe(join(path, "model.safetensors"));
  });

  test("a name that ends in a slash is a folder, dots or not", async () => {
    const path = join(folder, "rank-0.5");
    expect((await writeFile(model, `${path}/`)).path).toBe(join(path, "model.safetensors"));
  });

  test("the same sidecar may be there already", async () => {
    await writeFile(adapter, join(folder, "a.safetensors"));
    await writeFile(adapter, join(folder, "b.safetensors"));
    expect((await readdir(folder)).sort()).toEqual(["a.safetensors", "adapter_config.json", "b.safetensors"]);
  });

  test("an input can be replaced by what is read from it, when forced", async () => {
    const path = join(folder, "w.safetensors");
    await writeFile(model, path);
    const file = await openFile(path);
    await writeFile({ ...file, metadata: new Map([["title", "x"]]) }, path, { force: true, inputs: [path] });
    await file.close();
    const again = await openFile(path);
    expect(again.metadata.get("title")).toBe("x");
    expect(await again.tensors.get("w")?.bytes()).toEqual(await weight.bytes());
    await again.close();
  });
});

describe("what is refused", () => {
  test("an output that is there", async () => {
    const path = join(folder, "w.safetensors");
    await put(path, "old");
    await expect(writeFile(model, path)).rejects.toMatchObject({ code: "USAGE", facts: { file: path } });
    expect(await readFile(path, "utf8")).toBe("old");
  });

  test("by the check alone, with nothing written", async () => {
    const path = join(folder, "w.safetensors");
    expect(await checkOutput(model, path)).toEqual({
      folder,
      fileName: "w.safetensors",
      ownFolder: false,
      output: path,
    });
    await expect(checkOutput(model, join(folder, "none/w.safetensors"))).rejects.toMatchObject({
      code: "IO",
    });
    expect(await readdir(folder)).toEqual([]);
  });

  test("an output that is an input under another name", async () => {
    const [path, link] = [join(folder, "w.safetensors"), join(folder, "link.safetensors")];
    await put(path, "old");
    await symlink(path, link);
    const writing = writeFile(model, link, { inputs: [join(folder, "none"), path] });
    await expect(writing).rejects.toMatchObject({
      code: "USAGE",
      message: "the output is one of the inputs",
    });
  });

  test("another sidecar of the same name", async () => {
    await put(join(folder, "adapter_config.json"), '{"r":2}');
    const path = join(folder, "w.safetensors");
    const message = "another adapter_config.json is in the output folder already";
    await expect(writeFile(adapter, path)).rejects.toMatchObject({ code: "USAGE", message });
    expect(await readdir(folder)).toEqual(["adapter_config.json"]);
    await writeFile(adapter, path, { force: true });
    expect(await readFile(join(folder, "adapter_config.json"), "utf8")).toBe('{"r":1}');
  });

  test.each(["../x.json", "", "..", "a\\b"])("a sidecar called %j", async (name) => {
    const file = { ...model, sidecars: new Map([[name, ""]]) };
    await expect(writeFile(file, join(folder, "w.safetensors"))).rejects.toMatchObject({
      code: "USAGE",
      message: `"${name}" is not the name of a file beside a checkpoint`,
    });
  });

  test("a name with another extension", async () => {
    await expect(writeFile(model, join(folder, "w.ckpt"))).rejects.toMatchObject({
      code: "USAGE",
      message: ".ckpt files are not written",
    });
  });
});

describe("after a failure", () => {
  const failing = (bytes: LazyTensor["bytes"]) => ({
    ...adapter,
    tensors: new Map([
      ["first", weight],
      ["w", { ...weight, bytes }],
    ]),
  });

  test("in the middle of the tensors nothing is left, and a new folder is taken away", async () => {
    const file = failing(() => Promise.reject(new Error("gone")));
    await expect(writeFile(file, join(folder, "a/b"))).rejects.toThrow("gone");
    await expect(writeFile(file, join(folder, "w.safetensors"))).rejects.toThrow("gone");
    expect(await readdir(folder)).toEqual([]);
  });

  test("of a cancelled write nothing is left, and the file that was there stays", async () => {
    const path = join(folder, "w.safetensors");
    await put(path, "old");
    const controller = new AbortController();
    const file = failing((...args) => (controller.abort(), weight.bytes(...args)));
    const last = { ...file, tensors: new Map([...file.tensors, ["last", weight]]) };
    const writing = writeFile(last, path, { force: true, signal: controller.signal });
    await expect(writing).rejects.toMatchObject({ code: "ABORTED" });
    expect(await readdir(folder)).toEqual(["w.safetensors"]);
    expect(await readFile(path, "utf8")).toBe("old");
  });

  test("to a folder that cannot be made, the error has its path", async () => {
    await put(join(folder, "file"), "");
    const path = join(folder, "file/out");
    await expect(writeFile(model, path)).rejects.toMatchObject({ code: "IO", facts: { system: "ENOTDIR" } });
    expect(existsSync(path)).toBe(false);
  });
});
