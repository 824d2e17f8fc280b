import type { JSX } from "preact";
import { saveBlob } from "../save/save-blob.ts";
import { bytesText } from "../format/bytes-text.ts";
import type { MadeFile } from "../store/app-state.ts";
import { ReportNumbers } from "./report-numbers.tsx";

interface RunResultProps {
  readonly report: object | undefined;
  readonly made: readonly MadeFile[];
}

/** The files that were made, and their reports. */
export function RunResult({ report, made }: RunResultProps): JSX.Element {
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
                <button type="button" class="primary" onClick={() => saveBlob(blob, name)} aria-label={`Save ${name}`}>
                  Save
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      {reports.map((one, index) => (
        <ReportNumbers key={index} report={one} />
      ))}
    </section>
  );
}
