import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { canDecode, readValues } from "@lora/tensor";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bytesSource } from "../sources/bytes-source.ts";
import { openSafetensors } from "../safetensors/open.ts";
import { openFile } from "./open-file.ts";
import { writeFile } from "./write-file.ts";

const data = join(import.meta.dirname, "../../../..", process.env["LORA_DATA"] ?? "../shared/data");
const files = existsSync(data) ? globSync("**/*.safetensors", { cwd: data }).sort() : [];
const broken = "safetensors/syoyo-cpp/safetensors_abuse_attempt_1.safetensors";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lora-io-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** What a safetensors file holds behind its header, told without the code under test. */
function dataOf(bytes: Uint8Array): Uint8Array {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  return bytes.subarray(8 + Number(length));
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

describe.skipIf(!existsSync(data))("real files", () => {
  test.each(files.filter((file) => file !== broken))(
    "written again, the data of %s is the same",
    async (path) => {
      const file = await openFile(join(data, path));
      const output = join(folder, path.replaceAll(/[/\\]/gu, "-"));
      const { bytes } = await writeFile({ ...file, sidecars: new Map() }, output);
      const [before, after] = [readFileSync(join(data, path)), readFileSync(output)];
      expect(sha256(dataOf(after))).toBe(sha256(dataOf(before)));
      expect(bytes).toBe(after.length);
      const again = await openFile(output);
      expect(Array.from(again.tensors, described)).toEqual(Array.from(file.tensors, described));
      // The stored sshs hashes come out again as the trainer calculated them.
      expect(again.metadata).toEqual(file.metadata);
      await file.close();
      await again.close();
    },
  );

  test.each(files.filter((file) => file !== broken))("every value of %s can be read", async (path) => {
    const file = await openSafetensors(bytesSource(readFileSync(join(data, path)), path));
    for (const tensor of file.tensors.values()) {
      expect(canDecode(tensor.dtype)).toBe(true);
      await readValues(tensor, { as: "f32" });
    }
  });

  test("a file whose header claims more than there is is refused", async () => {
    const opened = openFile(join(data, broken));
    await expect(opened).rejects.toMatchObject({ code: "FORMAT", facts: { header: "1000" } });
  });

  test("a model in six shards is the model in one file", async () => {
    const sharded = await openFile(join(data, "safetensors/julia-sharded/sharded"));
    const whole = await openFile(join(data, "safetensors/julia-sharded/non_sharded/model.safetensors"));
    expect([...sharded.tensors.keys()].sort()).toEqual([...whole.tensors.keys()].sort());
    for (const [name, tensor] of whole.tensors) {
      const same = sharded.tensors.get(name);
      expect([name, same?.dtype, same?.shape]).toEqual([name, tensor.dtype, tensor.shape]);
      expect(await same?.bytes()).toEqual(await tensor.bytes());
    }
    await sharded.close();
    await whole.close();
  });

  test("a folder with two models and none of the usual names is refused", async () => {
    await expect(openFile(join(data, "lycoris-lokr"))).rejects.toMatchObject({ code: "USAGE" });
  });

  test("an adapter's folder brings its config along", async () => {
    const file = await openFile(join(data, "peft-adapters/saraelsafty-movies"));
    expect([...file.sidecars.keys()]).toEqual(["adapter_config.json"]);
    await file.close();
  });

  test.each([
    ["loralib/microsoft-LoRA/roberta_base_lora_mnli.bin", /PyTorch zip archive/u],
    ["pt/burn-reader/simple_legacy.pt", /pickle/u],
    ["pt/burn-reader/tar_float32.tar", /tar archive/u],
    ["gguf/ratchet/test.gguf", /GGUF/u],
    ["base/mlx-cvae/vae_mnist_filters_0064_dims_0008.npz", /zip archive/u],
  ])("%s is told by what it is", async (path, what) => {
    await expect(openFile(join(data, path))).rejects.toMatchObject({
      code: "UNSUPPORTED",
      message: expect.stringMatching(what) as unknown,
    });
  });
});

function described([name, tensor]: [
  string,
  { dtype: string; shape: readonly number[]; byteLength: number },
]): unknown {
  return [name, tensor.dtype, tensor.shape, tensor.byteLength];
}
