import type { AppState, FileEntry } from "../store/app-state.ts";
import { milestone } from "../milestone.ts";
import type { Store } from "../store/create-store.ts";
import type { Client } from "../worker/client.ts";
import type { AnalysisCommands } from "./analysis-commands.ts";
import type { App, NamedCheckpoint } from "./app.ts";
import { failureOf } from "./failure-of.ts";

/** Opening and closing. */
export function fileCommands(
  store: Store<AppState>,
  client: Client,
  analysis: AnalysisCommands,
): Pick<App, "open" | "close"> {
  const opener = fileOpener(store, client, analysis);
  return {
    open(checkpoints) {
      const entries = checkpoints.map(({ name, checkpoint }) => {
        const entry: FileEntry = {
          id: crypto.randomUUID(),
          name,
          bytes: 0,
          remote: checkpoint.kind === "address",
          state: { kind: "opening" },
        };
        milestone("dropped", entry.id);
        return { entry, checkpoint };
      });
      store.update(({ files }) => ({ files: [...files, ...entries.map(({ entry }) => entry)] }));
      void opener(entries);
    },
    close(id) {
      const { files, shown, base } = store.get();
      const left = files.filter((file) => file.id !== id);
      store.update({ files: left });
      void client.call("close", id);
      if (base === id) analysis.setBase(undefined);
      if (shown === id) analysis.show(left.find(({ state }) => state.kind === "adapter")?.id);
    },
  };
}

interface Opening {
  readonly entry: FileEntry;
  readonly checkpoint: NamedCheckpoint["checkpoint"];
}

/** Opens one after the other, so that what was dropped first is shown. */
function fileOpener(
  store: Store<AppState>,
  client: Client,
  analysis: AnalysisCommands,
): (openings: readonly Opening[]) => Promise<void> {
  const openOne = entryOpener(store, client);
  return async (openings) => {
    if (store.get().device === undefined) {
      void client.call("device", undefined).then((device) => store.update({ device }));
    }
    for (const opening of openings) await openOne(opening);
    const opened = store.get().files.filter(({ id }) => openings.some(({ entry }) => entry.id === id));
    const first = (kind: FileEntry["state"]["kind"]): string | undefined =>
      opened.find(({ state }) => state.kind === kind)?.id;
    // Together, so that what stands beside a model is measured once.
    const { shown = first("adapter"), base = first("model") } = store.get();
    analysis.look(shown, base);
  };
}

/** Opens a checkpoint: what its header says of an adapter is shown at once, then all else that is not measured. */
function entryOpener(store: Store<AppState>, client: Client): (opening: Opening) => Promise<void> {
  const put = (entry: FileEntry): void =>
    store.update(({ files, shown }) => ({
      files: files.map((file) => (file.id === entry.id ? entry : file)),
      shown: shown ?? (entry.state.kind === "adapter" ? entry.id : undefined),
    }));
  return async ({ entry, checkpoint }) => {
    try {
      const { bytes, ...state } = await client.call("open", { id: entry.id, name: entry.name, checkpoint });
      if (state.kind === "model") return put({ ...entry, bytes, state });
      put({ ...entry, bytes, state: { ...state, complete: false } });
      const inspect = await client.call("inspect", entry.id);
      put({ ...entry, bytes, state: { ...state, inspect, complete: true } });
    } catch (error) {
      put({ ...entry, state: { kind: "failed", failure: failureOf(error) } });
      if (store.get().shown === entry.id) store.update({ shown: undefined });
    }
  };
}
