import type { JSX } from "preact";
import { ReportButtons } from "../save/report-buttons.tsx";
import { reportSections } from "./report-sections.ts";
import { reportFacts } from "./report-facts.ts";
import { WorstModules } from "./worst-modules.tsx";

/** Letters from which on a fact is a sentence. */
const LONG = 12;

/** What a job says of its work. */
export function ReportNumbers({ report }: { readonly report: object }): JSX.Element {
  const facts = reportFacts(report);
  const warnings = "warnings" in report ? (report.warnings as readonly string[]) : [];
  const job = "job" in report ? report.job : undefined;
  return (
    <div class="report">
      <dl class="facts">
        {facts.map(({ title, text }) => (
          <div key={title} class={text.length > LONG ? "long" : undefined}>
            <dt>{title}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      {warnings.map((warning) => (
        <p key={warning} class="small">
          ○ {warning}
        </p>
      ))}
      <WorstModules report={report} />
      {reportSections
        .filter((section) => section.job === job)
        .map(({ title, component: Component }) => (
          <section key={title}>
            <h2>{title}</h2>
            <Component report={report} />
          </section>
        ))}
      <ReportButtons report={report} />
    </div>
  );
}
