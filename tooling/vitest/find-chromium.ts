import { existsSync } from "node:fs";
import { env } from "node:process";

/**
 * The Chromium that browser tests run in: `CHROMIUM_PATH`, or that of Debian. `undefined` where there is none.
 *
 * @throws Error when there is none and `REQUIRE_WEBGPU=1` demands one
 */
export function findChromium(): string | undefined {
  const path = [env["CHROMIUM_PATH"], "/usr/bin/chromium"].find(
    (one) => one !== undefined && existsSync(one),
  );
  if (path === undefined && env["REQUIRE_WEBGPU"] === "1") {
    throw new Error("REQUIRE_WEBGPU=1, and there is no Chromium: install one, or name it in CHROMIUM_PATH.");
  }
  return path;
}
