import type { AppState } from "../store/app-state.ts";
import type { Store } from "../store/create-store.ts";
import type { ActRequest } from "../worker/calls/act.ts";
import type { Client } from "../worker/client.ts";
import { failureOf } from "./failure-of.ts";

/** Runs one action at a time. */
export function actionCommands(
  store: Store<AppState>,
  client: Client,
): { act(request: ActRequest): void; cancel(): void } {
  let running: AbortController | undefined;
  const run = async (request: ActRequest): Promise<void> => {
    const { action } = request;
    running?.abort();
    const controller = new AbortController();
    running = controller;
    const since = performance.now();
    store.update({ run: { kind: "running", action, since, progress: undefined } });
    try {
      const { report, made } = await client.call("act", request, {
        signal: controller.signal,
        onProgress: (progress) => store.update({ run: { kind: "running", action, since, progress } }),
      });
      store.update({ run: { kind: "done", action, report, made } });
    } catch (error) {
      if (running === controller)
        store.update({ run: { kind: "failed", action, failure: failureOf(error) } });
    }
  };
  return { act: (request) => void run(request), cancel: () => running?.abort() };
}
