// Packs every published package as it would be published, then looks at each tarball (contents, publint, attw)
// and runs the README examples and the command line from an install of all of them.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { WorkspacePackage } from "../workspace.ts";
import { publishedPackages, root } from "../workspace.ts";
import { runCommand } from "./command.ts";
import { machineEnvironment } from "./machine-node.ts";
import { runExample } from "./readme-example.ts";
import { readSmokeList } from "./smoke-list.ts";

/** The file that packing makes of a package, in `folder`. */
function tarball(folder: string, { manifest }: WorkspacePackage): string {
  return join(folder, `${manifest.name.replace("@", "").replace("/", "-")}.tgz`);
}

/** What is wrong with one package as packed, "" when nothing is. */
async function packProblems(folder: string, one: WorkspacePackage): Promise<string> {
  const file = tarball(folder, one);
  const packed = await runCommand(["pnpm", "pack", "--out", file], { cwd: join(root, one.folder) });
  if (!packed.ok) return packed.output;
  const listed = await runCommand(["tar", "-tzf", file]);
  const publint = await runCommand(["publint", "run", file, "--strict"]);
  // A package without a main entry, as the command line is, has no types to resolve.
  const hasTypes = one.manifest.exports?.["."] !== undefined;
  const attw = hasTypes
    ? await runCommand(["attw", file, "--profile", "esm-only"])
    : { ok: true, output: "" };
  return [
    contentProblems(listed.output),
    ...[publint, attw].map(({ ok, output }) => (ok ? "" : output)),
  ].join("");
}

function contentProblems(listing: string): string {
  const paths = listing.trim().split("\n");
  const lacking = ["package/README.md", "package/LICENSE"].filter((path) => !paths.includes(path));
  const surplus = paths.filter((path) => /\.(test|test-helper|golden)\.|\/testing\//u.test(path));
  return [
    ...lacking.map((path) => `lacks ${path}\n`),
    ...surplus.map((path) => `should not hold ${path}\n`),
  ].join("");
}

/** What is wrong with the packages once installed, "" when nothing is. */
async function installProblems(folder: string, packages: readonly WorkspacePackage[]): Promise<string> {
  const cwd = join(folder, "installed");
  mkdirSync(cwd);
  writeFileSync(join(cwd, "package.json"), '{ "private": true, "type": "module" }\n');
  const npm = ["npm", "install", "--no-audit", "--no-fund", "--loglevel=error"];
  const files = packages.map((one) => tarball(folder, one));
  const installed = await runCommand([...npm, ...files], { cwd, env: machineEnvironment() });
  if (!installed.ok) return installed.output;
  const lora = await runCommand(["node_modules/.bin/lora", "--version"], { cwd, env: machineEnvironment() });
  const runs = [{ ...lora, title: "lora --version" }];
  for (const example of readSmokeList().examples) {
    runs.push({ ...(await runExample(example, cwd)), title: `the example of ${example}/README.md` });
  }
  return runs.map(({ ok, title, output }) => (ok ? "" : `installed, ${title} fails:\n${output}`)).join("\n");
}

async function main(folder: string): Promise<number> {
  const packages = publishedPackages();
  const problems = await Promise.all(
    packages.map(async (one) => ({ title: one.manifest.name, text: await packProblems(folder, one) })),
  );
  problems.push({ title: "npm install of the tarballs", text: await installProblems(folder, packages) });
  const broken = problems.filter(({ text }) => text.trim() !== "");
  for (const { title, text } of broken) process.stdout.write(`${title}\n${text}\n`);
  return broken.length > 0 ? 1 : 0;
}

const scratch = mkdtempSync(join(tmpdir(), "lora-published-"));
try {
  process.exitCode = await main(scratch);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
