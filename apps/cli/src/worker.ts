import { keepCompiled } from "./keep-compiled.ts";

// What the threads of `nodePool` run; the bundle has it as a file of its own.
keepCompiled();
await import("@lora/jobs/node/worker");
