import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { execPath } from "node:process";
import type { Locator, Page } from "playwright";

const ROOT = join(import.meta.dirname, "../../../..");

/** A folder of the adapters and the model that come with the repository. */
export function sample(path: string): string {
  return join(ROOT, "samples", path);
}

/** Chooses files as a user does. */
export async function choose(page: Page, paths: readonly string[]): Promise<void> {
  await page
    .locator('input[type="file"]:not([webkitdirectory])')
    .first()
    .setInputFiles([...paths]);
}

/** Waits until the adapter that is shown is measured, and drawn down to its table. */
export async function measured(page: Page): Promise<void> {
  await page.getByText("No value is NaN or infinite.").waitFor();
  await page.locator("#section-modules ~ .ways").waitFor();
}

/** Presses a button that downloads, and keeps the file. */
export async function download(page: Page, button: string | Locator, to: string): Promise<string> {
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    (typeof button === "string" ? page.getByRole("button", { name: button }) : button).click(),
  ]);
  await file.saveAs(to);
  return to;
}

/** What the command line tool says, as JSON, and its exit code. */
export function lora(...args: readonly string[]): { readonly code: number | null; readonly report: unknown } {
  const tool = join(ROOT, "apps/cli/dist/lora.js");
  // On one thread: files are so small that workers cost more than they save.
  const all = [tool, ...args, "--json", "--threads", "1"];
  const { status, stdout, stderr } = spawnSync(execPath, all, { encoding: "utf8" });
  if (stdout === "") throw new Error(`lora ${args.join(" ")} printed nothing: ${stderr}`);
  return { code: status, report: JSON.parse(stdout) };
}
