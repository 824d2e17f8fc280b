import type { AppState } from "../store/app-state.ts";
import type { Store } from "../store/create-store.ts";
import type { Client } from "../worker/client.ts";
import type { AnalysisCommands } from "./analysis-commands.ts";
import type { App } from "./app.ts";

/** Reads a file in a dialect that is chosen, and shows it so. */
export function readAsCommand(
  store: Store<AppState>,
  client: Client,
  analysis: AnalysisCommands,
): App["readAs"] {
  return async (id, dialect) => {
    const inspect = await client.call("readAs", { id, dialect });
    store.update(({ files, analyses, base }) => ({
      files: files.map((file) => {
        const { state } = file;
        if (file.id !== id || state.kind === "opening" || state.kind === "failed") return file;
        const { milliseconds } = state;
        return { ...file, state: { kind: "adapter", inspect, milliseconds, complete: true, dialect } };
      }),
      analyses: Object.fromEntries(Object.entries(analyses).filter(([key]) => !key.startsWith(id))),
      base: base === id ? undefined : base,
    }));
    analysis.show(id);
  };
}
