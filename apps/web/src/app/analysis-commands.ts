import { type Analysis, analysisKey, type AppState } from "../store/app-state.ts";
import type { Store } from "../store/create-store.ts";
import type { Client } from "../worker/client.ts";
import { failureOf } from "./failure-of.ts";

/** What is done about the adapter that is shown. */
export interface AnalysisCommands {
  show(file: string | undefined): void;
  setBase(file: string | undefined): void;
  /** Both at once. */
  look(shown: string | undefined, base: string | undefined): void;
  cancel(): void;
}

/** Keeps the adapter that is shown measured, against the base that is beside it. */
export function analysisCommands(store: Store<AppState>, client: Client): AnalysisCommands {
  let running: AbortController | undefined;
  const keep = (key: string, analysis: Analysis): void =>
    store.update(({ analyses }) => ({ analyses: { ...analyses, [key]: analysis } }));
  const measure = async (): Promise<void> => {
    const { shown, base, analyses } = store.get();
    running?.abort();
    if (shown === undefined) return;
    const key = analysisKey(shown, base);
    if (analyses[key]?.kind === "done") return;
    const controller = new AbortController();
    running = controller;
    keep(key, { kind: "running", progress: undefined });
    try {
      const report = await client.call(
        "analyse",
        { file: shown, base },
        {
          signal: controller.signal,
          onProgress: (progress) => keep(key, { kind: "running", progress }),
        },
      );
      keep(key, { kind: "done", report });
    } catch (error) {
      keep(key, { kind: "failed", failure: failureOf(error) });
    }
  };
  return {
    show(shown) {
      store.update({ shown, selected: undefined });
      void measure();
    },
    setBase(base) {
      store.update({ base });
      void measure();
    },
    look(shown, base) {
      if (shown === store.get().shown && base === store.get().base) return;
      store.update({ shown, base });
      void measure();
    },
    cancel: () => running?.abort(),
  };
}
