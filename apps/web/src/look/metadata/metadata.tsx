import "./metadata.css";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { ReportProps } from "../../report-props.ts";
import { readableMetadata } from "./readable.ts";
import { Thumbnail } from "./thumbnail.tsx";

/** Longer texts are folded: a list of tags may have a megabyte. */
const SHORT = 160;
const MOST = 20_000;

/** What the file says of itself. */
export function Metadata({ inspect }: ReportProps): JSX.Element {
  const entries = useMemo(() => readableMetadata(inspect.metadata, inspect.config), [inspect]);
  const picture = inspect.metadata["modelspec.thumbnail"];
  const groups = [...new Set(entries.map(({ group }) => group))];
  if (entries.length === 0) return <p class="quiet">The file says nothing of itself.</p>;
  return (
    <div class="metadata">
      {picture !== undefined && <Thumbnail url={picture} />}
      {groups.map((group) => (
        <div key={group}>
          <h3>{group}</h3>
          <dl>
            {entries
              .filter((entry) => entry.group === group)
              .map(({ key, text }) => (
                <div key={key}>
                  <dt class="mono">{key}</dt>
                  <dd>{text.length <= SHORT ? text : <LongText text={text} />}</dd>
                </div>
              ))}
          </dl>
        </div>
      ))}
    </div>
  );
}

function LongText({ text }: { readonly text: string }): JSX.Element {
  return (
    <details>
      <summary>{text.slice(0, SHORT / 2).trim()} …</summary>
      <pre tabIndex={0}>
        {text.length > MOST ? `${text.slice(0, MOST)}\n… ${text.length - MOST} characters more` : text}
      </pre>
    </details>
  );
}
