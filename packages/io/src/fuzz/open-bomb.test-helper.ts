import { readFileSync } from "node:fs";
import { openSource } from "../open-source.ts";
import { bytesSource } from "../sources/bytes-source.ts";

// Run by itself, with --expose-gc: opens the file it is given, and says what that keeps in memory.
const [path] = process.argv.slice(2);
const bytes = new Uint8Array(readFileSync(path!));
const { gc } = globalThis as { gc?: () => void };

function used(): number {
  gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const before = used();
const outcome = await openSource(bytesSource(bytes, "bomb")).catch((error: unknown) => error as Error);
await new Promise((resolve) => setTimeout(resolve, 1));
const kept = used() - before;
const message = outcome instanceof Error ? outcome.message : "";
process.stdout.write(JSON.stringify({ kept, message, size: bytes.length }));
