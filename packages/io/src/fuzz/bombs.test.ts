import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { BOMBS } from "./bombs.test-helper.ts";

const MEGABYTE = 2 ** 20;
const BYTES = 1e6;
/** What small files may take whatever they hold, as `memoryBudget` has it. */
const CONSTANT = 4 * MEGABYTE;
/** Node, the code and the file itself. */
const RUNTIME = 24 * MEGABYTE;

const folder = mkdtempSync(join(tmpdir(), "lora-bombs-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Opens it in a process whose heap has no room for more than it may take. */
function opened(bytes: Uint8Array): { kept: number; message: string; size: number } {
  const path = join(folder, "bomb");
  writeFileSync(path, bytes);
  const heap = Math.ceil((RUNTIME + CONSTANT + 4 * bytes.length) / MEGABYTE);
  const options = ["--conditions=@lora/source", "--expose-gc", `--max-old-space-size=${heap}`];
  const child = fileURLToPath(new URL("./open-bomb.test-helper.ts", import.meta.url));
  const { stdout, stderr, status } = spawnSync(process.execPath, [...options, child, path], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as ReturnType<typeof opened>;
}

// The process runs the sources as they are.
describe.skipIf(!process.features.typescript)("of a megabyte, opening takes and keeps at most four", () => {
  test.each(Object.entries(BOMBS))(
    "%s",
    (_, { make, refused = "" }) => {
      const { kept, message, size } = opened(make(BYTES));
      expect(message).toBe(refused);
      expect(kept).toBeLessThan(4 * size + CONSTANT);
    },
    240_000,
  );
});
