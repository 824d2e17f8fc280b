import type { JobContext, Progress } from "@lora/tensor";
import type { Failure } from "../store/app-state.ts";
import type { Calls } from "./calls/index.ts";
import { CallError } from "./call-error.ts";
import type { DeviceInfo } from "./device-info.ts";
import type { DeviceChoice } from "./open-device.ts";
import type { FromWorker, ToWorker } from "./protocol.ts";

/** The page's side of its worker, which starts with the first call at the latest. */
export interface Client {
  /** Starts the worker, so that the first call finds it ready. */
  start(): void;
  /** @throws CallError with what the worker says went wrong */
  call<N extends keyof Calls>(
    name: N,
    input: Parameters<Calls[N]>[0],
    context?: JobContext,
  ): Promise<Awaited<ReturnType<Calls[N]>>>;
}

interface Pending {
  readonly onProgress: ((progress: Progress) => void) | undefined;
  readonly done: (output: unknown) => void;
  readonly failed: (error: CallError) => void;
}

/** How a client gets its worker, and what it tells that worker. */
export interface ClientOptions {
  readonly spawn: () => Worker;
  readonly device: DeviceChoice;
  /** When the device goes away. */
  readonly onDevice: (info: DeviceInfo) => void;
}

/** A client whose worker is not started yet. */
export function createClient({ spawn, device, onDevice }: ClientOptions): Client {
  const pending = new Map<number, Pending>();
  let worker: Worker | undefined;
  let calls = 0;
  const post = (message: ToWorker): void => (worker ??= begin()).postMessage(message);
  const end = (id: number, settle: (call: Pending) => void): void => {
    const call = pending.get(id);
    pending.delete(id);
    if (call !== undefined) settle(call);
  };
  const begin = (): Worker => {
    const started = spawn();
    started.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => {
      if (data.kind === "device") onDevice(data.info);
      else if (data.kind === "progress") pending.get(data.id)?.onProgress?.(data.progress);
      else if (data.kind === "done") end(data.id, ({ done }) => done(data.output));
      else end(data.id, ({ failed }) => failed(new CallError(data.error)));
    });
    started.addEventListener("error", ({ message }) => {
      for (const id of pending.keys()) end(id, ({ failed }) => failed(new CallError(died(message))));
    });
    started.postMessage({ kind: "begin", device } satisfies ToWorker);
    return started;
  };
  return {
    start: () => void (worker ??= begin()),
    call(name, input, { signal, onProgress } = {}) {
      const id = (calls += 1);
      return new Promise((resolve, failed) => {
        pending.set(id, { onProgress, failed, done: (output) => resolve(output as never) });
        post({ kind: "call", id, name, input });
        signal?.addEventListener("abort", () => post({ kind: "cancel", id }));
      });
    },
  };
}

function died(message: string): Failure {
  return {
    code: "UNEXPECTED",
    message: `the worker of this page stopped: ${message || "it did not start"}`,
    facts: {},
    advice: "reload the page",
  };
}
