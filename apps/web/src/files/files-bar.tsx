import "./files-bar.css";
import type { JSX } from "preact";
import { useAppState } from "../app/use-app.ts";
import { AddressForm } from "./address-form.tsx";
import { FileChip } from "./file-chip.tsx";
import { OpenButtons } from "./open-buttons.tsx";

/** Everything that is open, and more ways to open. */
export function FilesBar({ more = true }: { readonly more?: boolean }): JSX.Element {
  const files = useAppState((state) => state.files);
  return (
    <section class="files" aria-label="Open files">
      <ul>
        {files.map((file) => (
          <FileChip key={file.id} entry={file} />
        ))}
      </ul>
      {more && (
        <details>
          <summary>Open more</summary>
          <div class="ways">
            <OpenButtons primary={false} />
            <AddressForm />
          </div>
        </details>
      )}
    </section>
  );
}
