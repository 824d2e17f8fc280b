/** The main job on the bundled sample: what `npm start` runs, command by command, as a user would type them. */
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { styleText } from "node:util";

const root = path.resolve(import.meta.dirname, "..");
const adapter = "samples/pirate-tales";
const base = "samples/base";
const smaller = "out/pirate-tales-small";

const steps: readonly { readonly says: string; readonly command: readonly string[] }[] = [
  { says: "What is in this file?", command: ["inspect", adapter] },
  { says: "How does it change its base model?", command: ["analyse", adapter, "--base", base] },
  {
    says: "Keep 95 % of its energy, in half precision.",
    command: ["resize", adapter, "-o", smaller, "--energy", "0.95", "--dtype", "f16", "--force"],
  },
  {
    says: "Is the smaller one still the same adapter? (√(1 − 0.95) = 0.224 is the largest error that rule allows.)",
    command: ["verify", adapter, smaller, "--tolerance", "0.23"],
  },
];

mkdirSync(path.join(root, "out"), { recursive: true });
for (const { says, command } of steps) {
  process.stdout.write(
    `\n${styleText("bold", says)}\n${styleText("dim", `$ lora ${command.join(" ")}`)}\n\n`,
  );
  const { status } = spawnSync(process.execPath, [path.join(root, "apps/cli/dist/lora.js"), ...command], {
    cwd: root,
    stdio: "inherit",
  });
  if (status !== 0) process.exit(status ?? 1);
}
process.stdout.write(`\nThe smaller adapter is in ${styleText("bold", path.join(root, smaller))}\n`);
