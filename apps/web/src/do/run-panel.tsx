import type { JSX } from "preact";
import { useApp, useAppState } from "../app/use-app.ts";
import { FailureNote } from "../shell/failure-note.tsx";
import { ProgressLine } from "../shell/progress-line.tsx";
import { RunResult } from "./run-result.tsx";

/** How the action goes, or what came of it. */
export function RunPanel({ action }: { readonly action: string }): JSX.Element | null {
  const app = useApp();
  const run = useAppState((state) => state.run);
  if (run === undefined || run.action !== action) return null;
  switch (run.kind) {
    case "running":
      return <ProgressLine progress={run.progress} onCancel={() => app.cancel("action")} />;
    case "failed":
      return <FailureNote failure={run.failure} />;
    case "done":
      return <RunResult action={run.action} report={run.report} made={run.made} />;
  }
}
