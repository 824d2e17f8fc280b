import type { ModuleAnalysis, ModuleSummary } from "@lora/jobs";

/** One module as the table has it: what its header says, and what was measured. */
export interface ModuleRow {
  readonly summary: ModuleSummary;
  readonly measured: ModuleAnalysis | undefined;
}

/** A column of the module table. */
export interface Column {
  readonly id: string;
  readonly title: string;
  /** What it means, for who hovers or listens. */
  readonly meaning: string;
  /** By which rows are sorted; numbers are right-aligned. */
  value(row: ModuleRow): string | number | null | undefined;
  text(row: ModuleRow): string;
}
