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
  const put = (entry: FileEntry): void =>
    store.update(({ files }) => ({ files: files.map((file) => (file.id === entry.id ? entry : file)) }));
  const openOne = async ({ name, checkpoint }: NamedCheckpoint, id: string): Promise<void> => {
    try {
      const { bytes, ...state } = await client.call("open", { id, checkpoint });
      put({ id, name, bytes, state });
      arrived(id, state.kind);
    } catch (error) {
      put({ id, name, bytes: 0, state: { kind: "failed", failure: failureOf(error) } });
    }
  };
  const arrived = (id: string, kind: "adapter" | "model"): void => {
    const { shown, base } = store.get();
    if (kind === "adapter" && shown === undefined) analysis.show(id);
    if (kind === "model" && base === undefined) analysis.setBase(id);
  };
  return {
    open(checkpoints) {
      if (store.get().device === undefined)
        void client.call("device", undefined).then((device) => store.update({ device }));
      for (const named of checkpoints) {
        const id = crypto.randomUUID();
        const entry: FileEntry = { id, name: named.name, bytes: 0, state: { kind: "opening" } };
        store.update(({ files }) => ({ files: [...files, entry] }));
        void openOne(named, id);
      }
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
