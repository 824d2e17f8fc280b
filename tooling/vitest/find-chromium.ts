import { existsSync } from "node:fs";
import { env } from "node:process";

/** The Chromium that browser tests run in: `CHROMIUM_PATH`, or that of Debian. `undefined` where there is none. */
export function findChromium(): string | undefined {
  return [env["CHROMIUM_PATH"], "/usr/bin/chromium"].find((path) => path !== undefined && existsSync(path));
}
