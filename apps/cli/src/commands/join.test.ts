import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fileOf, inFolder, soundModule } from "../bad-input/malformed.test-helper.ts";
import { run } from "../run.test-helper.ts";

/** An adapter in two parts. */
async function inParts(work: (folder: string, parts: readonly string[]) => Promise<void>): Promise<void> {
  await inFolder(async (folder) => {
    const input = join(folder, "style.safetensors");
    writeFileSync(input, fileOf(soundModule));
    const out = join(folder, "small.safetensors");
    for (const share of ["1/2", "2/2"]) {
      const { code, stdout } = await run(["resize", input, "-o", out, "--rank", "1", "--shard", share]);
      expect(code).toBe(0);
      expect(stdout).toContain(`This is part ${share[0]} of 2; lora join makes the whole of all of them.`);
    }
    await work(folder, [`${out}.part-1-of-2`, `${out}.part-2-of-2`]);
  });
}

test.each(["0/4", "5/4", "1/0", "1", "a/b", "1/4/2", "-1/2"])("--shard %s is no share", async (text) => {
  const { code, stderr } = await run([
    "resize",
    "x.safetensors",
    "-o",
    "y.safetensors",
    "--rank",
    "1",
    "--shard",
    text,
  ]);
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: `USAGE  --shard takes i/n with i from 1 to n, not "${text}"
          try: count from 1, e.g. --shard 1/4, 2/4, 3/4 and 4/4 for four processes
`,
  });
});

test("a share of a dry run is refused", async () => {
  const words = ["resize", "x.safetensors", "--rank", "1", "--shard", "1/2", "--dry-run"];
  const { code, stderr } = await run(words);
  expect(code).toBe(2);
  expect(stderr).toContain("option '--shard <i/n>' cannot be used with option '--dry-run'");
});

test("parts of a file need a place to write to", async () => {
  await inParts(async (_, parts) => {
    const { code, stderr } = await run(["join", ...parts]);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: "USAGE  join needs a place to write to\n          try: name it with -o OUT\n",
    });
  });
});

test("what is no part is named", async () => {
  await inParts(async (folder, [part]) => {
    const other = join(folder, "model");
    mkdirSync(other);
    const { code, stderr } = await run(["join", part!, other, "-o", join(folder, "out.safetensors")]);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `MISSING  there is no lora.part here, so this is no part
          file: ${other}
          try: give the folders that a job with --shard i/n has written, or its reports
`,
    });
  });
});

test("a part that is there stays, and is replaced when asked for", async () => {
  await inParts(async (folder, [part]) => {
    const [input, out] = ["style.safetensors", "small.safetensors"].map((name) => join(folder, name));
    const words = ["resize", input!, "-o", out!, "--rank", "1", "--shard", "1/2"];
    const again = await run(words);
    expect([again.code, again.stdout]).toEqual([0, expect.stringContaining("is there already")]);
    const before = readFileSync(join(part!, "lora.part"), "utf8");
    expect((await run([...words, "--force"])).code).toBe(0);
    expect(readFileSync(join(part!, "lora.part"), "utf8")).toBe(before);
  });
});

test("a joined verification ends as one process does", async () => {
  await inFolder(async (folder) => {
    const [a, b] = ["a.safetensors", "b.safetensors"].map((name) => join(folder, name));
    writeFileSync(a!, fileOf(soundModule));
    const changed = Object.entries(soundModule).map(([name, { shape, values }]) => [
      name,
      { shape, values: values.map((value) => 2 * value) },
    ]);
    writeFileSync(b!, fileOf(Object.fromEntries(changed)));
    const single = await run(["verify", a!, b!, "--json"]);
    const reports = [1, 2].map((index) => join(folder, `part-${index}.json`));
    for (const [i, report] of reports.entries())
      writeFileSync(report, (await run(["verify", a!, b!, "--json", "--shard", `${i + 1}/2`])).stdout);
    const joined = await run(["join", ...reports, "--json"]);
    expect(joined).toEqual(single);
    expect(joined.code).toBe(3);
  });
});

test("lora join --help", async () => {
  expect((await run(["join", "--help"])).stdout).toMatchInlineSnapshot(`
    "Usage: lora join [options] <part...>

    Put the parts together that several processes have made of one job with --shard i/n: byte for byte
    what one process writes. The inputs of the job are not needed.

    Arguments:
      part              the folders that a job has written, in any order, or the reports that it has
                        printed

    Options:
      -o, --out <path>  where to write the whole: a .safetensors file, or a folder
      --force           replace a file that is there
      -h, --help        display help for command

    Global Options:
      -V, --version     output the version number
      --json            print the report as one line of JSON
      -q, --quiet       nothing on stderr but errors
      -v, --verbose     all facts of an error, and how long it took
      --no-progress     no progress bar
      --no-color        no colours (also NO_COLOR; FORCE_COLOR turns them on)
      --ascii           nothing but ASCII characters
      --seed <n>        seed of randomised methods (default: 0)
      --threads <n>     modules worked on at once (default: one a core, at most 8)
      --wide-vectors    vectors of 256 bits (experimental): faster products

    Examples:
      # what four processes have written
      lora join small.safetensors.part-*-of-4 -o small.safetensors
      # a model: files that a part holds whole are linked, not copied
      lora join merged.part-*-of-64 -o merged
      # the reports of analyse --shard i/n --json
      lora join spectra-*.json --json > spectra.json
    "
  `);
});
