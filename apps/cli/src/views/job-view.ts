import type {
  AnalyseReport,
  CombineReport,
  ExtractReport,
  InitReport,
  MergeReport,
  ResizeReport,
  SplitJobName,
  VerifyReport,
} from "@lora/jobs";
import type { Terminal } from "../terminal/terminal.ts";
import { analyseView } from "./analyse-view.ts";
import { combineView } from "./combine-view.ts";
import { extractView } from "./extract-view.ts";
import { initView } from "./init-view.ts";
import { mergeView } from "./merge-view.ts";
import { resizeView } from "./resize-view.ts";
import { verifyView } from "./verify-view.ts";

interface Reports {
  readonly analyse: AnalyseReport;
  readonly combine: CombineReport;
  readonly extract: ExtractReport;
  readonly init: InitReport;
  readonly merge: MergeReport;
  readonly resize: ResizeReport;
  readonly verify: VerifyReport;
}

const VIEWS: { readonly [Job in SplitJobName]: (report: Reports[Job], terminal: Terminal) => string[] } = {
  analyse: (report, terminal) => analyseView(report, terminal, {}),
  combine: (report, terminal) => combineView(report, terminal, {}),
  extract: extractView,
  init: (report, terminal) => initView(report, terminal),
  merge: mergeView,
  resize: (report, terminal) => resizeView(report, terminal, {}),
  verify: verifyView,
};

/** The report of a job as text, whichever job it is. */
export function jobView(job: SplitJobName, report: object, terminal: Terminal): string[] {
  return (VIEWS[job] as (report: object, terminal: Terminal) => string[])(report, terminal);
}
