import type { MetadataFact } from "@lora/jobs";
import type { JSX } from "preact";

/** Longer texts are folded: a description of data may have a megabyte. */
const SHORT = 160;
const MOST = 20_000;

interface FactListProps {
  readonly title: string;
  readonly facts: readonly MetadataFact[];
}

/** Keys of one subject, each with what it is called and what it says. */
export function FactList({ title, facts }: FactListProps): JSX.Element {
  return (
    <div>
      <h3>{title}</h3>
      <dl>
        {facts.map(({ key, label, text }) => (
          <div key={key}>
            <dt>
              {label} {label !== key && <code class="small">{key}</code>}
            </dt>
            <dd>{text.length <= SHORT ? text : <LongText text={text} />}</dd>
          </div>
        ))}
      </dl>
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
