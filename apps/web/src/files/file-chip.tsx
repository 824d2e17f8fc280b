import type { JSX } from "preact";
import { useApp, useAppState } from "../app/use-app.ts";
import { bytesText } from "../format/bytes-text.ts";
import { FailureNote } from "../shell/failure-note.tsx";
import type { FileEntry } from "../store/app-state.ts";

/** An open file: an adapter is chosen to be looked at, a model to stand beside it. */
export function FileChip({ entry }: { readonly entry: FileEntry }): JSX.Element {
  const app = useApp();
  const { id, name, bytes, state } = entry;
  return (
    <li class="chip" data-kind={state.kind}>
      <div class="chip-line">
        <FileButton entry={entry} />
        <span class="quiet small">
          {state.kind === "opening" ? "opening" : bytes > 0 ? bytesText(bytes) : ""}
        </span>
        <button type="button" class="plain close" onClick={() => app.close(id)} aria-label={`Close ${name}`}>
          ×
        </button>
      </div>
      {state.kind === "failed" && <FailureNote failure={state.failure} file={name} />}
    </li>
  );
}

function FileButton({ entry: { id, name, state } }: { readonly entry: FileEntry }): JSX.Element {
  const app = useApp();
  const shown = useAppState((all) => all.shown === id);
  const base = useAppState((all) => all.base === id);
  if (state.kind === "adapter") {
    return (
      <button type="button" class="plain" aria-pressed={shown} onClick={() => app.show(id)}>
        {name}
      </button>
    );
  }
  if (state.kind === "model") {
    return (
      <button
        type="button"
        class="plain"
        aria-pressed={base}
        onClick={() => app.setBase(base ? undefined : id)}
      >
        {name} <span class="role">base</span>
      </button>
    );
  }
  return <span class="chip-name">{name}</span>;
}
