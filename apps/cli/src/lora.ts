#!/usr/bin/env node
import { keepCompiled } from "./keep-compiled.ts";
import { readyHelp } from "./ready-help.ts";

// The list of commands is shown from a file that the build made, before anything else is loaded.
const help = readyHelp(process.argv.slice(2), process.stdout.columns);
if (help === undefined) {
  keepCompiled();
  const { start } = await import("./start.ts");
  await start();
} else {
  process.stdout.on("error", () => {
    process.exitCode = 0; // Whoever read our output has read enough.
  });
  process.stdout.write(help);
}
