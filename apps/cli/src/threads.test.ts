import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type BuiltCli, buildCli, spawned } from "./built-cli.test-helper.ts";
import { largeAdapter } from "./bad-input/large-adapter.test-helper.ts";
import { inFolder } from "./bad-input/malformed.test-helper.ts";
import { useWideVectors } from "./wide-vectors.ts";

let cli: BuiltCli;
beforeAll(async () => {
  cli = await buildCli();
});
afterAll(() => cli.remove());

test.each([
  ["resize", ["--rank", "5"]],
  ["combine", ["--method", "dare_ties", "--rank", "5"]],
])(
  "the built %s finds its worker, writes the same with any number of threads, and ends",
  async (verb, flags) => {
    await inFolder(async (folder) => {
      const input = join(folder, "style.safetensors");
      writeFileSync(input, largeAdapter({ modules: 9, width: 64, rank: 8 }));
      const [first, ...others] = await Promise.all(
        ["1", "2", "3"].map(async (threads) => {
          const output = join(folder, `small-${threads}.safetensors`);
          const inputs = verb === "combine" ? [input, `${input}:-0.5`] : [input];
          const words = [verb, ...inputs, "-o", output, ...flags, "--threads", threads];
          const { code, stderr } = await spawned([process.execPath, cli.path, ...words]);
          expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
          return readFileSync(output);
        }),
      );
      for (const other of others) expect(other.equals(first!)).toBe(true);
    });
  },
);

test("vectors are wide where V8 can make them so, and the output is the same", async () => {
  await inFolder(async (folder) => {
    const input = join(folder, "style.safetensors");
    writeFileSync(input, largeAdapter({ modules: 9, width: 64, rank: 8 }));
    const [plain, wide] = await Promise.all(
      [[], ["--wide-vectors"]].map(async (flags) => {
        const output = join(folder, `small${flags.join("")}.safetensors`);
        const words = ["resize", input, "-o", output, "--rank", "5", "--threads", "2", ...flags];
        const { code, stderr } = await spawned([process.execPath, cli.path, ...words]);
        return { code, stderr, bytes: code === 0 ? readFileSync(output) : undefined };
      }),
    );
    expect(plain).toMatchObject({ code: 0, stderr: "" });
    if (Number.parseInt(process.versions.v8, 10) < 13) {
      expect(wide).toMatchObject({ code: 1, bytes: undefined });
      expect(wide?.stderr).toMatch(/^UNSUPPORTED {2}--wide-vectors needs V8 13 or later, and this is \d+/);
    } else {
      expect(wide).toEqual(plain);
    }
  });
});

test("V8 before 13 is told apart", async () => {
  await expect(useWideVectors("12.4.254.21-node.33")).rejects.toThrow(
    "--wide-vectors needs V8 13 or later, and this is 12.4.254.21-node.33",
  );
});

test("a worker that is not there is an error, not a wait", async () => {
  await inFolder(async (folder) => {
    const input = join(folder, "style.safetensors");
    writeFileSync(input, largeAdapter({ modules: 2, width: 8, rank: 2 }));
    const alone = await buildCli(["lora.ts"]);
    const { code, stderr } = await spawned([
      process.execPath,
      alone.path,
      "analyse",
      input,
      "--threads",
      "2",
    ]);
    alone.remove();
    expect(code).toBe(1);
    expect(stderr).toMatch(/^IO {2}a worker ended before its task did: Cannot find module/);
  });
});
