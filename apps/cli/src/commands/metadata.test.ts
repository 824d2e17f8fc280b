import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openFile } from "@lora/io/node";
import { expect, test } from "vitest";
import { inFolder } from "../bad-input/malformed.test-helper.ts";
import { type Run, run } from "../run.test-helper.ts";

const samples = join(import.meta.dirname, "../../../../samples");
const kohya = join(samples, "kohya/pirate-tales.safetensors");
const GIF = Buffer.from("GIF89a\u0002\u0000\u0001\u0000", "latin1");

const lora = (...words: string[]): Promise<Run> => run(["metadata", ...words]);

async function stored(path: string): Promise<ReadonlyMap<string, string>> {
  const file = await openFile(path);
  await file.close();
  return file.metadata;
}

/** The bytes behind the header of a safetensors file. */
function dataOf(path: string): Buffer {
  const bytes = readFileSync(path);
  return bytes.subarray(8 + Number(bytes.readBigUInt64LE(0)));
}

test("metadata are edited, values stay the same bytes, and hashes are brought up to date", async () => {
  await inFolder(async (folder) => {
    const [extra, out] = [join(folder, "new.json"), join(folder, "out.safetensors")];
    writeFileSync(extra, '{"modelspec.author": "me", "modelspec.tags": ["a", "b"]}');
    const edits = [
      "--strip",
      "all",
      "--from-json",
      extra,
      "--set",
      "modelspec.title=a = b",
      "--set",
      "x=",
      "--hash",
    ];
    const { code, stdout, stderr } = await lora(kohya, ...edits, "-o", out);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/wrote .*out\.safetensors: .*4 added, 2 changed, 10 removed/);
    const {
      sshs_model_hash: hash,
      sshs_legacy_hash: legacy,
      ...others
    } = Object.fromEntries(await stored(out));
    expect(others).toEqual({
      "modelspec.author": "me",
      "modelspec.tags": '["a","b"]',
      "modelspec.title": "a = b",
      x: "",
    });
    expect(dataOf(out).equals(dataOf(kohya))).toBe(true);
    const { hashes } = JSON.parse((await lora(out, "--hashes", "--json")).stdout) as {
      hashes: Record<string, string>;
    };
    expect([hashes["modelHash"], hashes["legacyHash"]]).toEqual([hash, legacy]);
    expect((await lora(out, "--hashes")).stdout).toContain(`${hash}, as sshs_model_hash says`);
  });
});

test("a picture goes in, is told but not shown, and comes out as it was", async () => {
  await inFolder(async (folder) => {
    const [picture, out, again] = ["in.gif", "out.safetensors", "again.gif"].map((name) =>
      join(folder, name),
    );
    writeFileSync(picture!, GIF);
    await lora(kohya, "--thumbnail", picture!, "-o", out!);
    const { stdout } = await lora(out!, "--extract-thumbnail", again!);
    expect(stdout).toContain("image/gif, 2 × 1 pixels, 10 bytes");
    expect(stdout).not.toContain("base64");
    expect(readFileSync(again!).equals(GIF)).toBe(true);
    const second = await lora(out!, "--extract-thumbnail", again!);
    expect(second.code).toBe(2);
  });
});

test("a PEFT folder is shown with its configuration, and keeps it", async () => {
  const tales = join(samples, "pirate-tales");
  expect((await lora(tales)).stdout).toContain("adapter_config.json");
  await inFolder(async (folder) => {
    const out = join(folder, "titled");
    expect((await lora(tales, "--set", "title=Tales", "-o", out)).code).toBe(0);
    const config = readFileSync(join(out, "adapter_config.json"));
    expect(config.equals(readFileSync(join(tales, "adapter_config.json")))).toBe(true);
  });
});

test("the file itself is not written over unless forced", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "own.safetensors");
    writeFileSync(path, readFileSync(kohya));
    const refused = await lora(path, "--set", "a=b", "-o", path);
    expect(refused.code).toBe(2);
    expect(await stored(path)).toEqual(await stored(kohya));
    expect((await lora(path, "--set", "a=b", "-o", path, "--force")).code).toBe(0);
    expect((await stored(path)).get("a")).toBe("b");
  });
});

test.each([
  ["edits with no output", ["--set", "a=b"], 2, "edited metadata needs a place to be written to"],
  ["an output with no edits", ["-o", "out.safetensors"], 2, "-o is given, and nothing is edited"],
  ["a value with no key", ["--set", "=b", "-o", "out.safetensors"], 2, '"=b" is no key=value'],
  ["a picture where there is none", ["--extract-thumbnail", "a.png"], 1, "the file has no thumbnail"],
  [
    "an image that cannot be read",
    ["--thumbnail", "missing.png", "-o", "o.safetensors"],
    1,
    "the file cannot be read",
  ],
  ["no JSON", ["--from-json", kohya, "-o", "o.safetensors"], 1, "the file is no JSON"],
])("refused: %s", async (_, words, code, message) => {
  const result = await lora(kohya, ...words);
  expect(result).toMatchObject({ code, stdout: "", stderr: expect.stringContaining(message) });
  expect(existsSync("out.safetensors")).toBe(false);
});

test("a hash that the file states and that is not its own is set beside the right one", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "stale.safetensors");
    const text = '{"__metadata__":{"sshs_model_hash":"0xabc"}}'.padEnd(48);
    writeFileSync(path, Buffer.concat([Buffer.from([48, 0, 0, 0, 0, 0, 0, 0]), Buffer.from(text)]));
    const { stdout } = await lora(path, "--hashes");
    expect(stdout).toMatch(/model hash +e3b0c44298fc.*, and sshs_model_hash says abc/);
  });
});
