import type { JSX } from "preact";
import { FailureNote } from "../shell/failure-note.tsx";
import { CommandBox } from "./command-box.tsx";
import { Outcome } from "./outcome.tsx";
import type { PreviewState } from "./use-preview.ts";

interface ResultProps extends PreviewState {
  readonly bytesBefore: number;
  /** Left out where the settings cannot be read. */
  readonly command: string | undefined;
  readonly onTake: () => void;
}

/** What the settings would give, and the ways to have it. */
export function Result({
  preview,
  failure,
  progress,
  bytesBefore,
  command,
  onTake,
}: ResultProps): JSX.Element {
  return (
    <div class="what-then">
      {failure !== undefined && <FailureNote failure={failure} />}
      {preview === undefined && failure === undefined && (
        <p class="quiet">
          {progress
            ? `Decomposing ${progress.done} of ${progress.total}`
            : "Known when every module is measured."}
        </p>
      )}
      {preview !== undefined && (
        <>
          <Outcome preview={preview} bytesBefore={bytesBefore} />
          <button type="button" class="primary" disabled={command === undefined} onClick={onTake}>
            Take it home
          </button>
        </>
      )}
      {command !== undefined && <CommandBox command={command} />}
    </div>
  );
}
