import { createHash } from "node:crypto";
import { parentPort } from "node:worker_threads";
import { readPlace, writeInto } from "@lora/io/node";
import { wasmEngine } from "@lora/linalg";
import { serveTasks } from "../pool/serve-tasks.ts";
import { tasks } from "../tasks.ts";

// The entry of a worker thread: `nodePool` starts it.
parentPort?.on(
  "message",
  serveTasks(
    tasks,
    {
      engine: wasmEngine(),
      files: { read: readPlace, writing: writeInto, sha256: () => createHash("sha256") },
    },
    (reply, transfer) => parentPort?.postMessage(reply, transfer),
  ),
);
