import "./look-view.css";
import type { JSX } from "preact";
import { useAppState } from "../app/use-app.ts";
import { FilesBar } from "../files/files-bar.tsx";
import { AdapterReport } from "./adapter-report.tsx";
import { ModelNote } from "./model-note.tsx";
import { Welcome } from "./welcome.tsx";

/** What is in a file; as long as none could be opened, how to open one. */
export function LookView(): JSX.Element {
  const empty = useAppState(({ files }) => files.every(({ state }) => state.kind === "failed"));
  const failed = useAppState(({ files }) => files.length > 0);
  const shown = useAppState((state) => state.files.find(({ id }) => id === state.shown));
  if (empty) {
    return (
      <>
        {failed && <FilesBar more={false} />}
        <Welcome />
      </>
    );
  }
  return (
    <>
      <FilesBar />
      {shown?.state.kind === "adapter" ? (
        <AdapterReport entry={shown} inspect={shown.state.inspect} />
      ) : (
        <ModelNote />
      )}
    </>
  );
}
