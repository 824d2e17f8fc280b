import "./health.css";
import type { JSX } from "preact";
import type { ReportProps } from "../../report-props.ts";
import type { Finding } from "./finding.ts";
import { findings } from "./findings.ts";

const MARKS = { good: "✓", note: "○", bad: "!" } as const;
const WORDS = { good: "In order", note: "Worth knowing", bad: "Broken" } as const;

/** What is in order with a file, what is wasted, and what is broken. */
export function Health({ inspect, analysis, onAct, onSelect }: ReportProps): JSX.Element {
  const measured = analysis === undefined ? [] : findings(analysis);
  const warnings = inspect.warnings.map((text): Finding => ({
    level: "note",
    title: "Reading",
    text,
    modules: [],
  }));
  return (
    <ul class="health">
      {[...measured, ...warnings].map(({ level, title, text, modules, remedy }) => (
        <li key={title + text} data-level={level}>
          <span class="mark" role="img" aria-label={WORDS[level]}>
            {MARKS[level]}
          </span>
          <div>
            <strong>{title}.</strong> {text}
            {modules.length > 0 && (
              <div class="small">
                {modules.map((name) => (
                  <button key={name} type="button" class="link mono" onClick={() => onSelect(name)}>
                    {name}
                  </button>
                ))}
              </div>
            )}
          </div>
          {remedy !== undefined && (
            <button type="button" onClick={() => onAct(remedy.action, remedy.values)}>
              {remedy.label}
            </button>
          )}
        </li>
      ))}
      {analysis === undefined && measured.length === 0 && (
        <li class="quiet">Known when every module is measured.</li>
      )}
    </ul>
  );
}
