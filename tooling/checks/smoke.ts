// Runs what was built on the machine's own Node: the commands and README examples that smoke.json lists.
import { join } from "node:path";

import { root } from "../workspace.ts";
import { runCommand } from "./command.ts";
import { machineNode } from "./machine-node.ts";
import { runExample } from "./readme-example.ts";
import { readSmokeList } from "./smoke-list.ts";

async function main(): Promise<number> {
  const { commands, examples } = readSmokeList();
  let failed = 0;
  const report = (title: string, ok: boolean, output: string): void => {
    if (!ok) failed += 1;
    process.stdout.write(`${ok ? "ran" : "failed"}: ${title}\n${output}\n`);
  };
  const version = await runCommand([machineNode, "--version"]);
  process.stdout.write(`on Node ${version.output}`);
  for (const args of commands) {
    const { ok, output } = await runCommand([machineNode, ...args]);
    report(`node ${args.join(" ")}`, ok, output);
  }
  for (const folder of examples) {
    const { ok, output } = await runExample(folder, join(root, folder));
    report(`the example of ${folder}/README.md`, ok, output);
  }
  return failed > 0 ? 1 : 0;
}

process.exitCode = await main();
