import type { ComponentType } from "preact";
import type { ReportProps } from "../report-props.ts";
import { Health } from "./health/health.tsx";
import { Metadata } from "./metadata/metadata.tsx";
import { ModuleTable } from "./modules/module-table.tsx";

/** Part of a file's report. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly component: ComponentType<ReportProps>;
}

/** In the order of the page. */
export const sections: readonly Section[] = [
  { id: "health", title: "Health", component: Health },
  { id: "modules", title: "Modules", component: ModuleTable },
  { id: "metadata", title: "Metadata", component: Metadata },
];
