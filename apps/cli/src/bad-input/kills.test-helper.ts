import type { ChildProcess } from "node:child_process";
import { readdirSync } from "node:fs";

/** Ends a process after so many milliseconds, unless it ends before. */
export function after(milliseconds: number, signal: NodeJS.Signals): (child: ChildProcess) => void {
  return (child) => {
    const timer = setTimeout(() => child.kill(signal), milliseconds);
    child.on("close", () => clearTimeout(timer));
  };
}

/** Ends a process as soon as anything of its output is there that was not before. */
export function whileWriting(folder: string, signal: NodeJS.Signals): (child: ChildProcess) => void {
  const names = (): string[] => {
    try {
      return readdirSync(folder, { recursive: true, encoding: "utf8" });
    } catch {
      return []; // A folder got its name, or was removed, while it was being listed.
    }
  };
  return (child) => {
    const before = new Set(names());
    const watch = setInterval(() => {
      if (!names().some((name) => name.includes(".partial") && !before.has(name))) return;
      clearInterval(watch);
      child.kill(signal);
    }, 1);
    child.on("close", () => clearInterval(watch));
  };
}
