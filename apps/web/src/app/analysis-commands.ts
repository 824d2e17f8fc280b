import type { Progress } from "@lora/tensor";
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
  const look = (change: Partial<AppState>): void => {
    store.update(change);
    running?.abort();
    running = new AbortController();
    void measure(store, client, running.signal);
  };
  return {
    show: (shown) => look({ shown, selected: undefined }),
    setBase: (base) => look({ base }),
    look(shown, base) {
      const now = store.get();
      const begun = shown === undefined || now.analyses[analysisKey(shown, base)] !== undefined;
      if (!begun || shown !== now.shown || base !== now.base) look({ shown, base });
    },
    cancel: () => running?.abort(),
  };
}

async function measure(store: Store<AppState>, client: Client, signal: AbortSignal): Promise<void> {
  const { shown, base, analyses: known } = store.get();
  if (shown === undefined) return;
  const key = analysisKey(shown, base);
  if (known[key]?.kind === "done") return;
  const keep = (analysis: Analysis): void =>
    store.update(({ analyses }) => ({ analyses: { ...analyses, [key]: analysis } }));
  keep({ kind: "running", progress: undefined });
  const onProgress = (progress: Progress): void => keep({ kind: "running", progress });
  try {
    keep({
      kind: "done",
      report: await client.call("analyse", { file: shown, base }, { signal, onProgress }),
    });
  } catch (error) {
    keep({ kind: "failed", failure: failureOf(error) });
  }
}
