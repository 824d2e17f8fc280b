import { clearKept } from "./output/kept-target.ts";
import { serveCalls } from "./serve-calls.ts";

// The entry of the page's one worker, in which every job runs.
serveCalls(globalThis as unknown as Pick<Worker, "postMessage" | "addEventListener">);
// Browsers that give the page no file system have nothing to clear.
void clearKept().catch(() => undefined);
