// Every gate, one line each; what a broken one printed follows its line. The last line is the count of tests.
import { styleText } from "node:util";

import { runCommand } from "./command.ts";
import { countLine } from "./count-line.ts";
import { gates } from "./gates.ts";

const env = { ...process.env, TURBO_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1" };

async function main(): Promise<number> {
  const began = performance.now();
  const broken: string[] = [];
  let count: string | undefined;
  for (const { name, command } of gates) {
    const start = performance.now();
    const { ok, output } = await runCommand(command, { env });
    if (!ok) broken.push(name);
    count = countLine(output) ?? count;
    process.stdout.write(
      `${mark(ok)} ${name.padEnd(20)}${seconds(start).padStart(7)}\n${ok ? "" : `\n${output}\n`}`,
    );
  }
  const verdict = broken.length === 0 ? "Everything holds" : `Broken: ${broken.join(", ")}`;
  process.stdout.write(`\n${verdict} (${seconds(began)}).\n\n${count ?? "no test was counted"}\n`);
  return broken.length === 0 && count !== undefined ? 0 : 1;
}

function mark(ok: boolean): string {
  return ok ? styleText("green", "✓") : styleText("red", "✗");
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

process.exitCode = await main();
