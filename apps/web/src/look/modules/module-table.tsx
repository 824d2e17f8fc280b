import "./module-table.css";
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { countText } from "../../format/number-text.ts";
import { ReportButtons } from "../../save/report-buttons.tsx";
import type { ReportProps } from "../../report-props.ts";
import { columnsFor } from "./columns.ts";
import { commonStart } from "./common-start.ts";
import { HeadCell } from "./head-cell.tsx";
import { ModuleDetail } from "./module-detail.tsx";
import { Pager } from "./pager.tsx";
import { type Order, sortRows } from "./sort-rows.ts";
import { TableRow } from "./table-row.tsx";

const PAGE = 30;

/** Every module with its numbers: sorted by any column, searched by name, a page at a time. */
export function ModuleTable({ inspect, analysis, selected, onSelect }: ReportProps): JSX.Element {
  const [order, setOrder] = useState<Order | undefined>();
  const [search, setSearch] = useState("");
  const [page, setPage] = useState(0);
  const columns = columnsFor(analysis);
  const rows = useMemo(() => {
    const byName = new Map(analysis?.modules.map((module) => [module.name, module]));
    return inspect.modules.map((summary) => ({ summary, measured: byName.get(summary.name) }));
  }, [inspect, analysis]);
  const found = useMemo(() => {
    const matching = rows.filter(({ summary }) => summary.name.toLowerCase().includes(search.toLowerCase()));
    const column = columnsFor(analysis).find(({ id }) => id === order?.column);
    return column === undefined ? matching : sortRows(matching, column, order!.ascending);
  }, [rows, analysis, search, order]);
  const from = useMemo(() => commonStart(inspect.modules.map(({ name }) => name)), [inspect]);
  const pages = Math.max(1, Math.ceil(found.length / PAGE));
  const at = Math.min(page, pages - 1);
  const module = rows.find(({ summary }) => summary.name === selected);
  return (
    <>
      <div class="table-tools">
        <label>
          Search{" "}
          <input type="search" value={search} onInput={(event) => setSearch(event.currentTarget.value)} />
        </label>
        <span class="quiet small" role="status">
          {countText(found.length, "module")}
        </span>
        <Pager page={at} pages={pages} onPage={setPage} />
      </div>
      <div class="table-scroll" role="region" aria-label="Table of modules" tabIndex={0}>
        <table class="numbers">
          <thead>
            <tr>
              {columns.map((column) => (
                <HeadCell key={column.id} column={column} order={order} onOrder={setOrder} />
              ))}
            </tr>
          </thead>
          <tbody>
            {found.slice(at * PAGE, (at + 1) * PAGE).map((row) => (
              <TableRow
                key={row.summary.name}
                row={row}
                columns={columns}
                from={from}
                selected={row.summary.name === selected}
                onSelect={onSelect}
              />
            ))}
          </tbody>
        </table>
      </div>
      {analysis !== undefined && <ReportButtons report={analysis} />}
      {module?.measured !== undefined && <ModuleDetail module={module.measured} />}
    </>
  );
}
