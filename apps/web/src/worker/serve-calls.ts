import type { JobContext, Progress } from "@lora/tensor";
import { calls } from "./calls/index.ts";
import { createDesk } from "./create-desk.ts";
import type { Desk } from "./desk.ts";
import { plainFailure } from "./plain-failure.ts";
import type { FromWorker, ToWorker } from "./protocol.ts";
import { slowly } from "./slowly.ts";

type Port = Pick<Worker, "postMessage" | "addEventListener">;
type AnyCall = (input: unknown, desk: Desk, context: JobContext) => Promise<unknown>;

/** Answers calls until the worker ends. The first message says which device to take. */
export function serveCalls(port: Port): void {
  const running = new Map<number, AbortController>();
  let desk: Desk | undefined;
  const post = (message: FromWorker): void => port.postMessage(message);
  const answer = async (id: number, name: string, input: unknown): Promise<void> => {
    const controller = new AbortController();
    running.set(id, controller);
    const call = calls[name as keyof typeof calls] as AnyCall;
    const onProgress = slowly<Progress>((progress) => post({ kind: "progress", id, progress }));
    try {
      post({ kind: "done", id, output: await call(input, desk!, { signal: controller.signal, onProgress }) });
    } catch (error) {
      post({ kind: "failed", id, error: plainFailure(error) });
    } finally {
      running.delete(id);
    }
  };
  port.addEventListener("message", ({ data }: MessageEvent<ToWorker>) => {
    if (data.kind === "begin") desk = createDesk(data.device, (info) => post({ kind: "device", info }));
    else if (data.kind === "cancel") running.get(data.id)?.abort();
    else void answer(data.id, data.name, data.input);
  });
}
