import "./failure-note.css";
import type { JSX } from "preact";
import type { Failure } from "../store/app-state.ts";

interface FailureNoteProps {
  readonly failure: Failure;
  /** Name of the file it stands beside, which is not said again. */
  readonly file?: string | undefined;
}

/** The rule that broke, where, and what to do. */
export function FailureNote({ failure, file }: FailureNoteProps): JSX.Element {
  const { code, message, advice, facts } = failure;
  const places = ["file", "module", "tensor"].filter(
    (place) => typeof facts[place] === "string" && facts[place] !== file,
  );
  return (
    <div class="failure" role="alert">
      <p>
        <strong>{code === "ABORTED" ? "Stopped" : sentence(message)}</strong>
      </p>
      {places.map((place) => (
        <p key={place} class="small">
          {place}: <span class="mono">{String(facts[place])}</span>
        </p>
      ))}
      {advice !== null && code !== "ABORTED" && <p class="small">{sentence(advice)}.</p>}
    </div>
  );
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
