import type { JSX } from "preact";
import { useCallback } from "preact/hooks";
import type { App } from "../app/app.ts";
import { AppContext } from "../app/use-app.ts";
import type { DroppedFile } from "../open/dropped-file.ts";
import { groupCheckpoints } from "../open/group-checkpoints.ts";
import { useSelected } from "../store/use-selected.ts";
import { views } from "../views.ts";
import { DeviceNote } from "./device-note.tsx";
import { Header } from "./header.tsx";
import { useWholePageDrop } from "./use-whole-page-drop.ts";

/** The frame around every view. */
export function Shell({ app }: { readonly app: App }): JSX.Element {
  const id = useSelected(app.store, ({ route }) => route.view);
  const { component: View } = views.find((view) => view.id === id) ?? views[0]!;
  const over = useWholePageDrop(
    useCallback((files: readonly DroppedFile[]) => app.open(groupCheckpoints(files)), [app]),
  );
  return (
    <AppContext.Provider value={app}>
      <Header />
      <main>
        <DeviceNote />
        <View />
      </main>
      {over && <div class="drop-veil">Drop to look inside</div>}
    </AppContext.Provider>
  );
}
