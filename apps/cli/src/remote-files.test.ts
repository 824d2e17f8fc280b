import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { fileOf, inFolder, soundModule } from "./bad-input/malformed.test-helper.ts";
import { run } from "./run.test-helper.ts";
import { fileOfBytes, hubEnv, serveFiles, type WebFile } from "./web-server.test-helper.ts";

const SAMPLES = join(import.meta.dirname, "../../../samples");

/** The files of a sample, as a server has them. */
function sample(name: string): Record<string, WebFile> {
  const folder = join(SAMPLES, name);
  const names = readdirSync(folder).filter((file) => statSync(join(folder, file)).isFile());
  return Object.fromEntries(names.map((file) => [file, fileOfBytes(readFileSync(join(folder, file)))]));
}

describe("an adapter of the hub", () => {
  test("is inspected like one of the disk, and what was read is told", async () => {
    const web = await serveFiles(sample("question-answer"));
    const env = { ...hubEnv(web), HF_TOKEN: "hf_secret" };
    const { code, stdout, stderr } = await run(["inspect", "hf:owner/name"], { env });
    const local = await run(["inspect", join(SAMPLES, "question-answer")]);
    expect(code).toBe(0);
    expect(stdout.split("\n").slice(1)).toEqual(local.stdout.split("\n").slice(1));
    expect(stdout.split("\n")[0]).toBe("hf:owner/name/adapter_model.safetensors");
    expect(stderr).toMatch(
      /^read 6\d\.\d kB of 59\.4 kB in \d requests: hf:owner\/name\/adapter_model\.safetensors\n$/u,
    );
    const told = web.seen.filter(({ authorization }) => authorization !== undefined).map(({ path }) => path);
    expect(told.every((path) => path.startsWith("/api/") || path.startsWith("/owner/"))).toBe(true);
    expect(stdout + stderr).not.toContain("secret");
  });

  test("has a weight behind its last colon, and a revision behind its @", async () => {
    const web = await serveFiles(sample("question-answer"));
    await inFolder(async (folder) => {
      const argv = [
        "combine",
        "hf:owner/name@v1:0.5",
        `${web.origin}/plain/adapter_model.safetensors:0.5`,
        "-o",
        folder,
        "-q",
      ];
      const env = hubEnv(web);
      expect(await run(argv, { env })).toMatchObject({ code: 0, stderr: "" });
      const same = await run(["verify", join(folder, "adapter_model.safetensors"), "hf:owner/name"], { env });
      expect(same.stdout).toMatch(/^PASS {2}8 of 8/mu);
    });
  });

  test("gives its name to an output in a folder", async () => {
    const web = await serveFiles({ "style.safetensors": fileOfBytes(fileOf(soundModule)) });
    await inFolder(async (folder) => {
      for (const [input, output] of [
        [`${web.origin}/plain/style.safetensors?x=1`, "style.safetensors"],
        ["hf:owner/name@v1", "name.safetensors"],
      ] as const) {
        const argv = ["resize", input, "-o", folder, "--rank", "1"];
        expect(await run(argv, { env: hubEnv(web) })).toMatchObject({ code: 0 });
        expect(readdirSync(folder)).toContain(output);
      }
    });
  });
});

test("a base of the hub is merged into, its tokenizer comes along, and its norms are known again", async () => {
  const web = await serveFiles({
    ...sample("base"),
    "tokenizer.json": fileOfBytes(Buffer.from("{}")),
    "pytorch_model.bin": fileOfBytes(Buffer.from("x")),
  });
  await inFolder(async (folder) => {
    const [out, norms] = [join(folder, "merged"), join(folder, "norms.json")];
    const adapter = join(SAMPLES, "pirate-tales");
    const env = hubEnv(web);
    expect(await run(["merge", adapter, "--base", "hf:owner/name", "-o", out], { env })).toMatchObject({
      code: 0,
    });
    expect(readdirSync(out)).toEqual(expect.arrayContaining(["config.json", "tokenizer.json"]));
    expect(readdirSync(out)).not.toContain("pytorch_model.bin");
    const local = join(folder, "local");
    await run(["merge", adapter, "--base", join(SAMPLES, "base"), "-o", local], { env });
    const weights = (path: string): Buffer => readFileSync(join(path, "model.safetensors"));
    expect(weights(out).equals(weights(local))).toBe(true);
    const argv = ["resize", adapter, "--base", "hf:owner/name", "--norms", norms, "--dry-run"];
    const recipe = ["--recipe", "spn_ckpt=1,thr=-1.2"];
    const first = await run([...argv, ...recipe], { env });
    const before = web.seen.length;
    const second = await run([...argv, ...recipe], { env });
    expect([first.code, second.stdout]).toEqual([0, first.stdout]);
    // The header and the config: no weight.
    expect(web.seen.length - before).toBeLessThan(7);
  });
});

describe("is refused, with its address and what to do", () => {
  test.each([
    ["hf:owner/gone", "MISSING  the hub has no such model, or revision main of it, for you", 1],
    ["hf:owner", "USAGE  this is no id of the hub", 2],
    ["hf:owner/name@v2", "MISSING  the hub has no such model, or revision v2 of it, for you", 1],
  ])("%s", async (id, rule, exit) => {
    const web = await serveFiles(sample("question-answer"));
    const { code, stdout, stderr } = await run(["inspect", id], { env: hubEnv(web) });
    expect([code, stdout, stderr.split("\n").slice(0, 2)]).toEqual([
      exit,
      "",
      [rule, `          file: ${id}`],
    ]);
    expect(stderr).toContain("          try: ");
  });

  test("a place that is not there, and one on a server to write to", async () => {
    const web = await serveFiles(sample("question-answer"));
    const url = `${web.origin}/plain/gone.safetensors`;
    const gone = await run(["inspect", `${url}?token=secret`], { env: hubEnv(web) });
    expect(gone.stderr).toBe(
      `MISSING  the server answered 404 Not Found\n          file: ${url}\n          try: check the address: nothing is there\n`,
    );
    for (const out of ["hf:owner/mine", "https://x/y.safetensors"]) {
      const argv = ["resize", join(SAMPLES, "pirate-tales"), "-o", out, "--rank", "1"];
      expect((await run(argv)).stderr).toMatch(
        /^USAGE {2}outputs are written to the disk, not to a server\n/u,
      );
    }
  });

  test("with HF_HUB_OFFLINE what the cache does not hold", async () => {
    const web = await serveFiles(sample("question-answer"));
    const env = { ...hubEnv(web), HF_HUB_OFFLINE: "1" };
    const { stderr } = await run(["inspect", "hf:owner/name"], { env });
    expect(stderr).toMatch(/^MISSING {2}HF_HUB_OFFLINE is set/u);
    expect(web.seen).toEqual([]);
  });
});

test("a server that is busy is waited for, and that is told where it takes a second", async () => {
  const web = await serveFiles(sample("question-answer"));
  web.busy = 2;
  const { code, stderr } = await run(["inspect", `${web.origin}/plain/adapter_model.safetensors`]);
  expect(code).toBe(0);
  expect(stderr.split("\n")[0]).toBe("the server answered 503 Service Unavailable: asking again in 1.0 s");
});
