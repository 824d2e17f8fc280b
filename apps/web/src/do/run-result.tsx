import type { JSX } from "preact";
import { useApp } from "../app/use-app.ts";
import { groupCheckpoints } from "../open/group-checkpoints.ts";
import { saveBlob } from "../save/save-blob.ts";
import { bytesText } from "../format/bytes-text.ts";
import type { MadeFile } from "../store/app-state.ts";
import { ReportNumbers } from "./report-numbers.tsx";
import { SaveTogether } from "./save-together.tsx";

interface RunResultProps {
  readonly action: string;
  readonly report: object | undefined;
  readonly made: readonly MadeFile[];
}

/** The files that were made, and their reports. */
export function RunResult({ action, report, made }: RunResultProps): JSX.Element {
  const reports = [...(report === undefined ? [] : [report]), ...made.flatMap((file) => file.report ?? [])];
  return (
    <section class="result" aria-label="Result">
      {made.length > 0 && (
        <ul class="made">
          {made.map(({ name, bytes, blob }) => (
            <li key={name}>
              <span class="made-name">{name}</span>
              <span class="number quiet">{bytesText(bytes)}</span>
              {blob === undefined ? (
                <span>saved</span>
              ) : (
                <button
                  type="button"
                  class={made.length === 1 ? "primary" : ""}
                  onClick={() => saveBlob(blob, name)}
                  aria-label={`Save ${name}`}
                >
                  Save
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      <SaveTogether action={action} made={made} />
      {made.length > 0 && <LookInside made={made} />}
      {reports.map((one, index) => (
        <ReportNumbers key={index} report={one} />
      ))}
    </section>
  );
}

/** Opens what was made, as if it had been dropped: to be looked at, verified, worked on further. */
function LookInside({ made }: { readonly made: readonly MadeFile[] }): JSX.Element | null {
  const app = useApp();
  const kept = made.flatMap(({ blob, name }) =>
    blob === undefined ? [] : [{ file: new File([blob], name), folder: "" }],
  );
  if (kept.length === 0) return null;
  return (
    <button type="button" onClick={() => app.open(groupCheckpoints(kept))}>
      Open the result here
    </button>
  );
}
