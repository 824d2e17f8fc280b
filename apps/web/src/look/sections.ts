import type { ComponentType } from "preact";
import type { ReportProps } from "../report-props.ts";

/** Part of a file's report. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly component: ComponentType<ReportProps>;
}

/** In the order of the page. */
export const sections: readonly Section[] = [];
