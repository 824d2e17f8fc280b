import type { AnalyseReport, InspectReport } from "@lora/jobs";
import type { Values } from "./actions/_action.ts";

/**
 * What every section of a file's report is given: the heat map, the spectra, the table, what-if. Sections draw; they
 * read no file and start no job. All of it is plain data that is never changed, so a section may compare by identity.
 */
export interface ReportProps {
  /** Of the header: there from the first moment. */
  readonly inspect: InspectReport;
  /** Of the values; undefined while they are measured, and where they could not be. With a base, its part is in each module. */
  readonly analysis: AnalyseReport | undefined;
  /** Name of the module that is looked at in all sections, if one is. */
  readonly selected: string | undefined;
  readonly onSelect: (module: string | undefined) => void;
  /** Opens an action ("resize") on this file with these values filled in. */
  readonly onAct: (action: string, values: Values) => void;
}
