import { createHash } from "node:crypto";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { readPlace, writeInto } from "@lora/io/node";
import { compileKernels, wasmEngine } from "@lora/linalg";
import type { CompiledMessage } from "../pool/messages.ts";
import { serveTasks } from "../pool/serve-tasks.ts";
import { tasks } from "../tasks.ts";

/** For a pool that does not say what others have compiled. */
const NOTHING: CompiledMessage = { compiled: undefined };

// The entry of a worker thread: `nodePool` starts it. A bundle may have it in a file that other threads read as well.
if (parentPort !== null && isOfPool(workerData)) serve(parentPort, workerData ?? NOTHING);

function isOfPool(given: unknown): given is CompiledMessage | null {
  return given === null || (typeof given === "object" && "compiled" in given);
}

function serve(port: MessagePort, given: CompiledMessage): void {
  const compiled = given.compiled ?? compileKernels();
  const means = {
    engine: wasmEngine({ compiled }),
    files: { read: readPlace, writing: writeInto, sha256: () => createHash("sha256") },
  };
  port.on(
    "message",
    serveTasks(tasks, means, (reply, transfer) => port.postMessage(reply, transfer)),
  );
  port.postMessage({ compiled } satisfies CompiledMessage);
}
