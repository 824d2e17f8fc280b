import type { InspectReport } from "@lora/jobs";
import type { JSX } from "preact";
import { useCallback, useEffect } from "preact/hooks";
import { useApp, useAppState } from "../app/use-app.ts";
import { milestone } from "../milestone.ts";
import type { ReportProps } from "../report-props.ts";
import { analysisKey, type FileEntry } from "../store/app-state.ts";
import { AnalysisStatus } from "./analysis-status.tsx";
import { FactGrid } from "./fact-grid.tsx";
import { sections } from "./sections.ts";
import { useStaged } from "../use-staged.ts";

interface AdapterReportProps {
  readonly entry: FileEntry;
  readonly inspect: InspectReport;
}

/** Everything about one adapter: facts of its header at once, the sections as they are measured. */
export function AdapterReport({ entry, inspect }: AdapterReportProps): JSX.Element {
  const app = useApp();
  const report = useAppState(({ analyses, base }) => {
    const analysis = analyses[analysisKey(entry.id, base)];
    return analysis?.kind === "done" ? analysis.report : undefined;
  });
  useEffect(() => {
    if (report !== undefined) milestone("measured", entry.id);
  }, [report, entry.id]);
  const stage = useStaged(sections.length, inspect);
  const measured = useStaged(sections.length, report ?? inspect);
  const selected = useAppState((state) => state.selected);
  const onAct = useCallback<ReportProps["onAct"]>(
    (action, values) => app.go({ view: "do", action, values }),
    [app],
  );
  return (
    <article>
      <h1 class="file-name">{entry.name}</h1>
      <FactGrid entry={entry} inspect={inspect} />
      <AnalysisStatus file={entry.id} />
      {sections.slice(0, stage).map(({ id, title, component: Component }, index) => (
        <section key={id} class="section" aria-labelledby={`section-${id}`}>
          <h2 id={`section-${id}`}>{title}</h2>
          <Component
            inspect={inspect}
            analysis={index < measured ? report : undefined}
            selected={selected}
            onSelect={app.select}
            onAct={onAct}
          />
        </section>
      ))}
    </article>
  );
}
