import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { App } from "../app/app.ts";
import { failureOf } from "../app/failure-of.ts";
import { useApp } from "../app/use-app.ts";
import { saveBlob } from "../save/save-blob.ts";
import { type SavedFile, saveFolder } from "../save/save-folder.ts";
import type { MadeFile } from "../store/app-state.ts";

interface SaveTogetherProps {
  readonly action: string;
  readonly made: readonly MadeFile[];
}

/** Saves files that belong together in one go: a folder where the browser can, else a zip of one. */
export function SaveTogether({ action, made }: SaveTogetherProps): JSX.Element | null {
  const app = useApp();
  const [note, setNote] = useState("");
  const files = made.flatMap(({ name, blob }) => (blob === undefined ? [] : [{ name, blob }]));
  if (files.length < 2) return null;
  const name = `adapter-${action}`;
  const save = async (): Promise<void> => {
    setNote("saving …");
    setNote(await saveTogether(app, name, files).catch((error: unknown) => failureOf(error).message));
  };
  return (
    <p>
      <button type="button" class="primary" onClick={() => void save()}>
        {globalThis.showDirectoryPicker === undefined ? `Save ${name}.zip` : "Save all in a folder …"}
      </button>{" "}
      <span class="small" role="status">
        {note}
      </span>
    </p>
  );
}

async function saveTogether(app: App, name: string, files: readonly SavedFile[]): Promise<string> {
  if (globalThis.showDirectoryPicker === undefined) {
    saveBlob(await app.zip({ name, files }), `${name}.zip`);
    return "";
  }
  // A user who closes the dialogue has decided against it.
  const parent = await globalThis.showDirectoryPicker({ mode: "readwrite" }).catch(() => undefined);
  if (parent === undefined) return "";
  await saveFolder(parent, name, files);
  return `saved in ${parent.name}/${name}`;
}
