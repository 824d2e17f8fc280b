import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { canDecode, readValues } from "@lora/tensor";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bytesSource } from "../sources/bytes-source.ts";
import { openSafetensors } from "../safetensors/open.ts";
import { openFile } from "./open-file.ts";
import { writeFile } from "./write-file.ts";

const data = resolve(import.meta.dirname, "../../../..", process.env["LORA_DATA"] ?? "../shared/data");
const files = existsSync(data) ? globSync("**/*.safetensors", { cwd: data }).sort() : [];
const broken = "safetensors/syoyo-cpp/safetensors_abuse_attempt_1.safetensors";

const digests = JSON.parse(
  readFileSync(join(import.meta.dirname, "real-files.golden.json"), "utf8"),
) as Readonly<Record<string, string>>;

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

  test.each(Object.entries(digests))("%s holds what torch or numpy read of it", async (path, digest) => {
    const file = await openFile(join(data, path));
    const whole = createHash("sha256");
    for (const name of [...file.tensors.keys()].sort()) {
      const { dtype, shape, ...tensor } = file.tensors.get(name)!;
      whole.update(`${name} ${dtype} ${JSON.stringify(shape)} `).update(await tensor.bytes());
    }
    expect(whole.digest("hex")).toBe(digest);
    await file.close();
  });

  test.each(globSync("**/*.gguf", { cwd: data }))("every value of %s can be read", async (path) => {
    const file = await openFile(join(data, path));
    for (const tensor of file.tensors.values()) {
      const values = await readValues(tensor);
      expect(values.every((value) => Number.isFinite(value))).toBe(true);
    }
    await file.close();
  });

  test("the metadata of a GGUF file are there, of every type", async () => {
    const file = await openFile(join(data, "gguf/ratchet/dummy.gguf"));
    expect([...file.metadata.keys()]).toContain("some.parameter.float64");
    expect(file.metadata.get("some.parameter.int16")).toBe("-4661");
    await file.close();
  });

  test.each([
    [
      "pt/burn-reader/tar_float32.tar",
      "this is a tar archive, as the oldest versions of PyTorch write them, which is not read yet",
    ],
    [
      "pt/invokeai/gguf_qbias.pt",
      "the pickle asks for torch._tensor._rebuild_from_type_v2, which is not on the list of what is read",
    ],
    [
      "base/zeta-checkpoints/checkpoint_5000.pt",
      "the pickle asks for zeta.nn.modules.flow_matching.FlowConfig, which is not on the list of what is read",
    ],
  ])("%s is refused by what it is", async (path, message) => {
    await expect(openFile(join(data, path))).rejects.toMatchObject({ code: "UNSUPPORTED", message });
  });
});

function described([name, tensor]: [
  string,
  { dtype: string; shape: readonly number[]; byteLength: number },
]): unknown {
  return [name, tensor.dtype, tensor.shape, tensor.byteLength];
}
