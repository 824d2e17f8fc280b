import { wasmEngine } from "@lora/linalg";
import { serveTasks } from "../pool/serve-tasks.ts";
import { tasks } from "../tasks.ts";

// The entry of a Web Worker: `webPool` starts it. A worker's `self` posts; the types know only that of a page.
const scope = globalThis as unknown as Pick<Worker, "postMessage" | "addEventListener">;
const serve = serveTasks(tasks, { engine: wasmEngine() }, (reply, transfer) =>
  scope.postMessage(reply, transfer),
);
scope.addEventListener("message", (event) => serve(event.data));
