import type { ComponentType } from "preact";
import type { ReportProps } from "../report-props.ts";
import { lazy } from "../lazy.tsx";
import { Health } from "./health/health.tsx";
import { ModuleTable } from "./modules/module-table.tsx";

/** Part of a file's report. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly component: ComponentType<ReportProps>;
}

const HeatSection = lazy<ReportProps>(
  async () => (await import("../charts/heat/heat-section.tsx")).HeatSection,
);
const SpectraSection = lazy<ReportProps>(
  async () => (await import("../charts/spectra/spectra-section.tsx")).SpectraSection,
);
const Metadata = lazy<ReportProps>(async () => (await import("./metadata/metadata.tsx")).Metadata);
const WhatIf = lazy<ReportProps>(async () => (await import("../what-if/what-if.tsx")).WhatIf);

/** In the order of the page. */
export const sections: readonly Section[] = [
  { id: "health", title: "Health", component: Health },
  { id: "map", title: "Where it acts", component: HeatSection },
  { id: "spectra", title: "Spectra", component: SpectraSection },
  { id: "what-if", title: "What if it were smaller", component: WhatIf },
  { id: "modules", title: "Modules", component: ModuleTable },
  { id: "metadata", title: "Metadata", component: Metadata },
];
