import type { ComponentType } from "preact";

/** Draws part of the report of a job, e.g. the interference map of `combine`. */
export interface ReportSection {
  /** `job` of the reports that it draws. */
  readonly job: string;
  readonly title: string;
  readonly component: ComponentType<{ readonly report: object }>;
}

/** Below the numbers of a finished action. */
export const reportSections: readonly ReportSection[] = [];
