import { mkdir, mkdtemp, open, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fileSink } from "./file-sink.ts";
import { fileSource } from "./file-source.ts";
import { ioError } from "./io-error.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lora-io-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("a file sink", () => {
  test("shows the file only when it is whole, and takes a patch", async () => {
    const path = join(folder, "w.bin");
    const sink = await fileSink(path, { sync: true });
    await sink.write(0, Uint8Array.of(1, 2, 3));
    await sink.write(0, Uint8Array.of(9));
    expect(await readdir(folder)).toEqual(["w.bin.partial-1"]);
    await sink.commit();
    await sink.abort();
    expect(await readdir(folder)).toEqual(["w.bin"]);
    expect([...(await readFile(path))]).toEqual([9, 2, 3]);
  });

  test("leaves nothing when aborted, also twice", async () => {
    const sink = await fileSink(join(folder, "w.bin"));
    await sink.write(0, Uint8Array.of(1));
    await sink.abort();
    await sink.abort();
    expect(await readdir(folder)).toEqual([]);
  });

  test("replaces a file only when forced, and keeps it until then", async () => {
    const path = join(folder, "w.bin");
    await writeFile(path, "old");
    const refused = { code: "USAGE", message: "the output is there already", facts: { file: path } };
    await expect(fileSink(path)).rejects.toMatchObject(refused);
    const sink = await fileSink(path, { force: true });
    await sink.write(0, Buffer.from("new"));
    expect(await readFile(path, "utf8")).toBe("old");
    await sink.commit();
    expect(await readFile(path, "utf8")).toBe("new");
  });

  test("does not replace what came to be there meanwhile, and leaves nothing of its own", async () => {
    const path = join(folder, "w.bin");
    const sink = await fileSink(path);
    await writeFile(path, "theirs");
    await expect(sink.commit()).rejects.toMatchObject({ code: "USAGE" });
    expect(await readdir(folder)).toEqual(["w.bin"]);
    expect(await readFile(path, "utf8")).toBe("theirs");
  });

  test("gives way to another writer of the same path", async () => {
    const [first, second] = [await fileSink(join(folder, "w")), await fileSink(join(folder, "w"))];
    expect(await readdir(folder)).toEqual(["w.partial-1", "w.partial-2"]);
    await first.abort();
    await second.abort();
  });

  test("does not write over a folder", async () => {
    await mkdir(join(folder, "w"));
    await expect(fileSink(join(folder, "w"), { force: true })).rejects.toMatchObject({
      code: "USAGE",
      message: "the output is a folder, and a file is to be written",
    });
  });

  test.each([
    ["none/w.bin", "writing failed: there is no such file or folder"],
    ["file/w.bin", "writing failed: a part of the path is a file, not a folder"],
    ["x".repeat(300), "writing failed: the name is too long"],
  ])("in %s: the system's refusal is an IO error with the path", async (name, message) => {
    await writeFile(join(folder, "file"), "");
    const path = join(folder, name);
    await expect(fileSink(path)).rejects.toMatchObject({ code: "IO", message, facts: { file: path } });
  });
});

describe("a file source", () => {
  test("reads by position, and not after closing", async () => {
    const path = join(folder, "r");
    await writeFile(path, Uint8Array.of(5, 6, 7));
    const source = await fileSource(path);
    expect([source.name, source.size, ...(await source.read(1, 3))]).toEqual([path, 3, 6, 7]);
    await expect(source.read(0, 1, AbortSignal.abort())).rejects.toMatchObject({ code: "ABORTED" });
    await source.close();
    await source.close();
    await expect(source.read(0, 1)).rejects.toMatchObject({ code: "IO" });
  });

  test("a file that became shorter is an error", async () => {
    const path = join(folder, "r");
    await writeFile(path, Uint8Array.of(5, 6, 7));
    const source = await fileSource(path);
    await writeFile(path, Uint8Array.of(5));
    await expect(source.read(0, 3)).rejects.toMatchObject({
      code: "IO",
      message: "bytes 0 to 3 were asked for, and 1 bytes came",
      facts: { file: path },
    });
    await source.close();
  });

  test("a folder is not opened", async () => {
    await expect(fileSource(folder)).rejects.toMatchObject({
      code: "IO",
      message: "opening failed: this is a folder, not a file",
    });
  });
});

test.skipIf(!existsSync("/dev/full"))("a full disk is an IO error that says so", async () => {
  const full = await open("/dev/full", "w");
  const error: unknown = await full.write(Uint8Array.of(1)).catch((reason: unknown) => reason);
  await full.close();
  const advice = "free some space, or choose a place on another disk";
  expect(ioError(error, "w", "writing")).toMatchObject({
    code: "IO",
    message: "writing failed: the disk is full",
    facts: { file: "w", system: "ENOSPC" },
    advice,
  });
});

test.each([
  ["EACCES", "permission was denied"],
  ["EROFS", "the file system is read-only"],
  ["EWHAT", "odd"],
])("%s says: %s", (code, rule) => {
  const error = Object.assign(new Error("odd"), { code });
  expect(ioError(error, "w", "writing").message).toBe(`writing failed: ${rule}`);
});
