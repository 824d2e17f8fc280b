import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type BuiltCli, buildCli, spawned } from "../built-cli.test-helper.ts";
import { largeAdapter } from "./large-adapter.test-helper.ts";
import { contents, inFolder } from "./malformed.test-helper.ts";

let cli: BuiltCli;
beforeAll(async () => {
  cli = await buildCli();
});
afterAll(() => cli.remove());

/** A disk of our own takes the right to mount one. */
const canMount = await spawned(["unshare", "-m", "true"]).then(
  ({ code }) => code === 0,
  () => false,
);

/** Resizes an adapter of half a megabyte, in a shell that first limits what may be written. */
async function resizeAfter(
  limit: string,
  folder: string,
  out: string,
): Promise<{ code: number | null; stderr: string; stdout: string }> {
  const path = join(folder, "style.safetensors");
  writeFileSync(path, largeAdapter({ modules: 4, width: 512, rank: 32 }));
  const script = `${limit}; exec "$0" "$1" resize "$2" -o "$3" --rank 16`;
  return spawned(["bash", "-c", script, process.execPath, cli.path, path, out]);
}

test("a file that may not grow leaves nothing behind", async () => {
  await inFolder(async (folder) => {
    const out = join(folder, "out.safetensors");
    const { code, stdout, stderr } = await resizeAfter("ulimit -f 64", folder, out);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^IO {2}writing failed: the file is too large for its file system\n/);
    expect(stderr).toContain(`          file: ${out}\n`);
    expect(stderr).toMatch(/ {10}try: choose a place on another file system, or write shards\n$/);
    expect(Object.keys(contents(folder))).toEqual(["style.safetensors"]);
  });
});

test.skipIf(!canMount)("a full disk leaves nothing behind", async () => {
  await inFolder(async (folder) => {
    const disk = join(folder, "disk");
    mkdirSync(disk);
    const out = join(disk, "out.safetensors");
    // The mount lives and dies with the namespace of this one process tree; what is left on it is listed first.
    const path = join(folder, "style.safetensors");
    writeFileSync(path, largeAdapter({ modules: 4, width: 512, rank: 32 }));
    const script = `mount -t tmpfs -o size=64k tmpfs "$4" && { "$0" "$1" resize "$2" -o "$3" --rank 16; code=$?; ls -A "$4"; exit $code; }`;
    const { code, stdout, stderr } = await spawned([
      "unshare",
      "-m",
      "bash",
      "-c",
      script,
      process.execPath,
      cli.path,
      path,
      out,
      disk,
    ]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^IO {2}writing failed: the disk is full\n/);
    expect(stderr).toContain(`          file: ${out}\n`);
    expect(stderr).toMatch(/ {10}try: free some space, or choose a place on another disk\n$/);
  });
});

test("a report that cannot be printed is an error, a reader that has read enough is not", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "style.safetensors");
    writeFileSync(path, largeAdapter({ modules: 4, width: 16, rank: 2 }));
    const full = await spawned([
      "bash",
      "-c",
      `"$0" "$1" inspect "$2" > /dev/full`,
      process.execPath,
      cli.path,
      path,
    ]);
    expect(full).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("IO  cannot write to stdout (ENOSPC)"),
    });
    const head = await spawned([
      "bash",
      "-c",
      `"$0" "$1" inspect "$2" --modules all | true; exit \${PIPESTATUS[0]}`,
      process.execPath,
      cli.path,
      path,
    ]);
    expect(head).toEqual({ code: 0, stdout: "", stderr: "" });
  });
});
