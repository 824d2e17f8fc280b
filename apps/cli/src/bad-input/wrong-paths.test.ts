import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { run } from "../run.test-helper.ts";
import {
  contents,
  expectFileRefused,
  expectRefused,
  fileOf,
  inFolder,
  soundModule,
} from "./malformed.test-helper.ts";

const LFS =
  "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n";

test.each([
  [
    "a pointer of Git LFS",
    Buffer.from(LFS),
    "FORMAT  this is a Git LFS pointer: the file itself was never downloaded",
  ],
  ["a text", Buffer.from("# notes\nThe adapter is on the other disk.\n"), "FORMAT  this is a text file"],
  [
    "a web page",
    Buffer.from("<!doctype html><html><title>Log in</title></html>"),
    "FORMAT  this is a web page",
  ],
  [
    "a pickle of something else",
    Buffer.from([0x80, 2, 0x4b, 1, 0x2e]),
    "UNSUPPORTED  this is a Python pickle that torch.save did not write",
  ],
])("%s is refused", async (_, bytes, rule) => {
  await expectFileRefused(bytes, { rule });
});

test("inputs that are not there, or hold no checkpoint, are refused", async () => {
  await inFolder(async (folder) => {
    writeFileSync(join(folder, "style.safetensors.txt"), "notes");
    mkdirSync(join(folder, "empty"));
    const missing = join(folder, "style.safetensors");
    await expectRefused(["inspect", missing], folder, {
      rule: "MISSING  there is no such file or folder",
      file: missing,
    });
    await expectRefused(["inspect", join(folder, "empty")], folder, {
      rule: "MISSING  the folder holds no checkpoint",
      file: join(folder, "empty"),
    });
    await expectRefused(["inspect", join(folder, "no", "style.safetensors")], folder, {
      rule: `MISSING  there is no folder ${join(folder, "no")}`,
    });
    await expectRefused(["inspect", join(folder, "style.safetensors.txt", "x")], folder, {
      rule: "IO  opening failed: a part of the path is a file, not a folder",
    });
  });
});

/** A folder with a sound adapter in it. */
async function withAdapter(work: (folder: string, path: string) => Promise<void>): Promise<void> {
  await inFolder(async (folder) => {
    const path = join(folder, "style.safetensors");
    writeFileSync(path, fileOf(soundModule));
    await work(folder, path);
  });
}

test.each([
  ["a folder that is not there", "no/out.safetensors", "IO  writing failed: there is no such file or folder"],
  [
    "a path under a file",
    "style.safetensors/out.safetensors",
    "IO  writing failed: a part of the path is a file, not a folder",
  ],
  ["a name that is too long", `${"x".repeat(300)}.safetensors`, "IO  writing failed: the name is too long"],
])("%s cannot be written to", async (_, out, rule) => {
  await withAdapter(async (folder, path) => {
    await expectRefused(["resize", path, "-o", join(folder, out), "--rank", "1"], folder, {
      rule,
      file: join(folder, out),
    });
  });
});

test("a file system that takes no files is refused, also for root", async () => {
  await withAdapter(async (folder, path) => {
    await expectRefused(["resize", path, "-o", "/proc/out.safetensors", "--rank", "1"], folder, {
      rule: "IO  writing failed: there is no such file or folder",
      file: "/proc/out.safetensors",
    });
  });
});

test("an ending that is not written is refused", async () => {
  await withAdapter(async (folder, path) => {
    await expectRefused(["resize", path, "-o", join(folder, "out.ckpt"), "--rank", "1"], folder, {
      code: 2,
      rule: "USAGE  .ckpt files are not written",
    });
  });
});

test("an input is not written over, under whatever name, unless forced", async () => {
  await withAdapter(async (folder, path) => {
    const link = join(folder, "link.safetensors");
    symlinkSync(path, link);
    for (const out of [path, join(folder, ".", "style.safetensors"), link]) {
      await expectRefused(["resize", path, "-o", out, "--rank", "1"], folder, {
        code: 2,
        rule: "USAGE  the output is one of the inputs",
      });
    }
    const before = readFileSync(path);
    expect(await run(["resize", path, "-o", path, "--rank", "1", "--force"])).toMatchObject({
      code: 0,
      stderr: "",
    });
    expect(readFileSync(path).equals(before)).toBe(false);
  });
});

test("a file that is there is not written over unless forced", async () => {
  await withAdapter(async (folder, path) => {
    const out = join(folder, "out.safetensors");
    writeFileSync(out, "precious");
    await expectRefused(["resize", path, "-o", out, "--rank", "1"], folder, {
      code: 2,
      rule: "USAGE  the output is there already",
      file: out,
    });
    expect(await run(["resize", path, "-o", out, "--rank", "1", "--force"])).toMatchObject({ code: 0 });
  });
});

test("a dry run writes nothing, and says what a run then writes", async () => {
  await withAdapter(async (folder, path) => {
    const argv = ["resize", path, "-o", join(folder, "out.safetensors"), "--rank", "1", "--json"];
    const before = contents(folder);
    const plan: unknown = JSON.parse((await run([...argv, "--dry-run"])).stdout);
    expect(contents(folder)).toEqual(before);
    expect(JSON.parse((await run(argv)).stdout)).toEqual(plan);
  });
});
