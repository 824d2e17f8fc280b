import { parentPort } from "node:worker_threads";
import { referenceEngine } from "@lora/linalg";
import { fakeTasks } from "./fake-tasks.test-helper.ts";
import { serveTasks } from "./serve-tasks.ts";

parentPort?.on(
  "message",
  serveTasks(fakeTasks, { engine: referenceEngine }, (reply, transfer) =>
    parentPort?.postMessage(reply, transfer),
  ),
);
