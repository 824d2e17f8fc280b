import type { ComponentType } from "preact";
import { lazy } from "../lazy.tsx";

/** Draws part of the report of a job, e.g. the interference map of `combine`. */
export interface ReportSection {
  /** `job` of the reports that it draws. */
  readonly job: string;
  readonly title: string;
  readonly component: ComponentType<{ readonly report: object }>;
}

const InterferenceSection = lazy<{ readonly report: object }>(
  async () => (await import("../charts/interference/interference-section.tsx")).InterferenceSection,
);

const ComparedModules = lazy<{ readonly report: object }>(
  async () => (await import("./compared-modules.tsx")).ComparedModules,
);

/** Below the numbers of a finished action. */
export const reportSections: readonly ReportSection[] = [
  { job: "compare", title: "Module by module", component: ComparedModules },
  { job: "combine", title: "Interference", component: InterferenceSection },
];
