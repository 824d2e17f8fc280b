import { compileKernels, type Engine, wasmEngine } from "@lora/linalg";
import type { AnswerMessage, CompiledMessage, TaskMessage } from "../pool/messages.ts";
import { serveTasks } from "../pool/serve-tasks.ts";
import { tasks } from "../tasks.ts";

// The entry of a Web Worker: `webPool` starts it. A worker's `self` posts; the types know only that of a page.
const scope = globalThis as unknown as Pick<Worker, "postMessage" | "addEventListener">;
let serve: ReturnType<typeof serveTasks> | undefined;
scope.addEventListener("message", ({ data }: MessageEvent<CompiledMessage | TaskMessage | AnswerMessage>) => {
  const given = "compiled" in data ? data : { compiled: undefined };
  serve ??= serveTasks(tasks, { engine: engineFrom(given) }, post);
  if (!("compiled" in data)) serve(data);
});

function post(reply: unknown, transfer: ArrayBuffer[]): void {
  scope.postMessage(reply, transfer);
}

function engineFrom(given: CompiledMessage): Engine {
  const compiled = given.compiled ?? compileKernels();
  scope.postMessage({ compiled } satisfies CompiledMessage, []);
  return wasmEngine({ compiled });
}
