import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

const PROGRAM = `
  import { nodeWorker } from "${new URL("node-pool.ts", import.meta.url).href}";
  import { createPool } from "${new URL("../pool/create-pool.ts", import.meta.url).href}";
  const echo = { name: "echo" };
  const worker = new URL("${new URL("../pool/fake-worker.test-helper.ts", import.meta.url).href}");
  const pool = createPool({ size: 1, spawn: nodeWorker(worker) });
  const request = (value, after) => ({ bytes: 1, input: async () => ({ value, after }), answer: () => 0 });
  const ended = [pool.run(echo, request("one", 0)), pool.run(echo, request("two", 300))];
  console.log(...(await Promise.all(ended)));
`;

test("a pool keeps its process until all tasks of a worker have ended, and no longer", () => {
  const args = ["--conditions=@lora/source", "--input-type=module", "--eval", PROGRAM];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", timeout: 60_000 });
  expect([status, stdout, stderr]).toEqual([0, "one two\n", ""]);
});
