import type { AppState, FileEntry } from "../store/app-state.ts";
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
        const entry: FileEntry = { id: crypto.randomUUID(), name, bytes: 0, state: { kind: "opening" } };
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

/** Opens one after the other, so that what was dropped first is shown; headers take milliseconds. */
function fileOpener(
  store: Store<AppState>,
  client: Client,
  analysis: AnalysisCommands,
): (openings: readonly Opening[]) => Promise<void> {
  const put = (entry: FileEntry): void =>
    store.update(({ files }) => ({ files: files.map((file) => (file.id === entry.id ? entry : file)) }));
  const openOne = async ({ entry, checkpoint }: Opening): Promise<void> => {
    try {
      const { bytes, ...state } = await client.call("open", { id: entry.id, checkpoint });
      put({ ...entry, bytes, state });
    } catch (error) {
      put({ ...entry, state: { kind: "failed", failure: failureOf(error) } });
    }
  };
  return async (openings) => {
    if (store.get().device === undefined) store.update({ device: await client.call("device", undefined) });
    for (const opening of openings) await openOne(opening);
    const opened = store.get().files.filter(({ id }) => openings.some(({ entry }) => entry.id === id));
    const first = (kind: FileEntry["state"]["kind"]): string | undefined =>
      opened.find(({ state }) => state.kind === kind)?.id;
    // Together, so that what stands beside a model is measured once.
    const { shown = first("adapter"), base = first("model") } = store.get();
    analysis.look(shown, base);
  };
}
