import type { JSX } from "preact";
import { reportCsv } from "./report-csv.ts";
import { saveBlob } from "./save-blob.ts";

/** Takes a report home: all of it as JSON, its modules as CSV. */
export function ReportButtons({ report }: { readonly report: object }): JSX.Element {
  const name = "job" in report ? String(report.job) : "report";
  const hasModules = "modules" in report;
  const save = (text: string, type: string, ending: string): void =>
    saveBlob(new Blob([text], { type }), `${name}.${ending}`);
  return (
    <div class="ways">
      <button
        type="button"
        onClick={() => save(`${JSON.stringify(report, null, 2)}\n`, "application/json", "json")}
      >
        Report as JSON
      </button>
      {hasModules && (
        <button type="button" onClick={() => save(reportCsv(report) ?? "", "text/csv", "csv")}>
          Modules as CSV
        </button>
      )}
    </div>
  );
}
