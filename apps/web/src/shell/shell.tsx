import type { JSX } from "preact";
import type { App } from "../app/app.ts";
import { AppContext } from "../app/use-app.ts";
import { useSelected } from "../store/use-selected.ts";
import { views } from "../views.ts";
import { Header } from "./header.tsx";

/** The frame around every view. */
export function Shell({ app }: { readonly app: App }): JSX.Element {
  const id = useSelected(app.store, ({ route }) => route.view);
  const { component: View } = views.find((view) => view.id === id) ?? views[0]!;
  return (
    <AppContext.Provider value={app}>
      <Header />
      <main>
        <View />
      </main>
    </AppContext.Provider>
  );
}
