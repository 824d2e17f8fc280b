import type { JSX } from "preact";
import { useApp, useAppState } from "../app/use-app.ts";
import { FailureNote } from "../shell/failure-note.tsx";
import { ProgressLine } from "../shell/progress-line.tsx";
import { analysisKey } from "../store/app-state.ts";

/** How the measuring goes; apart from the report, which is not to be drawn again at every step. */
export function AnalysisStatus({ file }: { readonly file: string }): JSX.Element | null {
  const app = useApp();
  const analysis = useAppState(({ analyses, base }) => analyses[analysisKey(file, base)]);
  if (analysis?.kind === "failed") return <FailureNote failure={analysis.failure} />;
  if (analysis?.kind !== "running") return null;
  return <ProgressLine progress={analysis.progress} onCancel={() => app.cancel("analysis")} />;
}
