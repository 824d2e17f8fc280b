import "./do-view.css";
import type { JSX } from "preact";
import { actions } from "../actions/_index.ts";
import { useAppState } from "../app/use-app.ts";
import { FilesBar } from "../files/files-bar.tsx";
import { ActionForm } from "./action-form.tsx";
import { NeedFiles } from "./need-files.tsx";
import { RunPanel } from "./run-panel.tsx";

/** What can be done with files: an action, its settings, and what came of it. */
export function DoView(): JSX.Element {
  const route = useAppState((state) => state.route);
  const files = useAppState((state) => state.files);
  const action = actions.find(({ id }) => id === route.action) ?? actions.find(({ id }) => id === "resize")!;
  const adapters = files.filter(({ state }) => state.kind === "adapter");
  return (
    <>
      {files.length > 0 && <FilesBar />}
      <div class="do">
        <nav aria-label="Actions">
          {actions.map(({ id, title }) => (
            <a key={id} href={`#/do/${id}`} aria-current={id === action.id ? "page" : undefined}>
              {title}
            </a>
          ))}
        </nav>
        <div>
          <h1>{action.title}</h1>
          <p class="quiet">{action.summary}</p>
          {adapters.length < action.files.least ? (
            <NeedFiles least={action.files.least} present={adapters.length} />
          ) : (
            <ActionForm key={action.id} action={action} adapters={adapters} given={route.values} />
          )}
          <RunPanel action={action.id} />
        </div>
      </div>
    </>
  );
}
