import { parentPort } from "node:worker_threads";
import { wasmEngine } from "@lora/linalg";
import { serveTasks } from "../pool/serve-tasks.ts";
import { tasks } from "../tasks.ts";

// The entry of a worker thread: `nodePool` starts it.
parentPort?.on(
  "message",
  serveTasks(tasks, wasmEngine(), (reply, transfer) => parentPort?.postMessage(reply, transfer)),
);
