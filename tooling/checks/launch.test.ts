import { join } from "node:path";
import { expect, test } from "vitest";

import { root } from "../workspace.ts";
import { runCommand } from "./command.ts";

const launcher = join(root, "tooling/launch.mjs");

/** A module that makes Node believe it is another version. */
function pretend(version: string): string {
  const code = `Object.defineProperty(process, "versions", { value: { node: "${version}" } })`;
  return `data:text/javascript,${encodeURIComponent(code)}`;
}

test.each(["18.20.8", "20.18.3", "9.0.0"])("Node %s is turned away with what to do", async (version) => {
  expect(await runCommand([process.execPath, "--import", pretend(version), launcher, "check"])).toEqual({
    ok: false,
    output:
      `Node ${version} is too old: the toolkit needs Node 20.19 or newer.\n` +
      "Get one from https://nodejs.org, or from your version manager.\n",
  });
});

test("a task that does not exist is refused with those that do", async () => {
  const output = "Say what to run: demo or check.\n";
  expect(await runCommand([process.execPath, launcher, "toString"])).toEqual({ ok: false, output });
});
