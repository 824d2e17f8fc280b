import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** A browser of its own profile, to which several may connect. */
export interface LaunchedChromium {
  /** Address of its DevTools protocol. */
  readonly endpoint: string;
  close(): Promise<void>;
}

const START_MS = 60_000;

// No sandbox: as root there is none. WebGPU on Chromium's own SwiftShader, which needs no GPU. The rest is what keeps
// pages that nobody looks at as fast as others, and the browser from asking its maker for updates.
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--remote-debugging-port=0",
  "--enable-unsafe-webgpu",
  "--use-webgpu-adapter=swiftshader",
  "--disable-background-timer-throttling",
  "--disable-backgrounding-occluded-windows",
  "--disable-renderer-backgrounding",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-dev-shm-usage",
  "--disable-domain-blocking-for-3d-apis",
  "--force-color-profile=srgb",
  "--hide-scrollbars",
  "--no-first-run",
];

/** @throws Error when the browser says no address within a minute */
export async function launchChromium(executable: string): Promise<LaunchedChromium> {
  const profile = mkdtempSync(join(tmpdir(), "lora-chromium-"));
  const child = spawn(executable, [...FLAGS, `--user-data-dir=${profile}`], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const exited = once(child, "exit");
  const close = async (): Promise<void> => {
    child.kill("SIGKILL");
    await exited;
    rmSync(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  };
  const timer = setTimeout(() => child.kill("SIGKILL"), START_MS);
  const said: string[] = [];
  for await (const line of createInterface(child.stderr)) {
    const endpoint = /^DevTools listening on (ws:\S+)/u.exec(line)?.[1];
    if (endpoint === undefined) {
      said.push(line);
      continue;
    }
    clearTimeout(timer);
    // What it says later is of no use, but has to go somewhere.
    child.stderr.resume();
    return { endpoint, close };
  }
  clearTimeout(timer);
  await close();
  throw new Error(`${executable} did not start: ${said.join("\n")}`);
}
