import "../look/modules/module-table.css";
import type { CompareReport } from "@lora/jobs";
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { commonStart } from "../look/modules/common-start.ts";
import { HeadCell } from "../look/modules/head-cell.tsx";
import { Pager } from "../look/modules/pager.tsx";
import { type Order, sortRows } from "../look/modules/sort-rows.ts";
import { comparedColumns } from "./compared-columns.ts";

const PAGE = 20;

/** Every weight that two adapters change, the least alike first. */
export function ComparedModules({ report }: { readonly report: object }): JSX.Element {
  const { modules } = (report as CompareReport).pairs[0]!;
  const [order, setOrder] = useState<Order>({ column: "cosine", ascending: true });
  const [page, setPage] = useState(0);
  const rows = useMemo(() => {
    const column = comparedColumns.find(({ id }) => id === order.column)!;
    return sortRows(modules, column, order.ascending);
  }, [modules, order]);
  const from = useMemo(() => commonStart(modules.map(({ name }) => name)), [modules]);
  if (modules.length === 0) return <p class="quiet">No weight is changed by both.</p>;
  return (
    <>
      <div class="table-tools">
        <Pager page={page} pages={Math.ceil(rows.length / PAGE)} onPage={setPage} />
      </div>
      <div class="table-scroll" role="region" aria-label="Table of compared modules" tabIndex={0}>
        <table class="numbers">
          <thead>
            <tr>
              {comparedColumns.map((column) => (
                <HeadCell key={column.id} column={column} order={order} onOrder={setOrder} />
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(page * PAGE, (page + 1) * PAGE).map((row) => (
              <tr key={row.name}>
                <th
                  scope="row"
                  class="mono"
                  title={row.name === row.other ? row.name : `${row.name} and ${row.other}`}
                >
                  {row.name.slice(from)}
                </th>
                {comparedColumns.slice(1).map((column) => (
                  <td key={column.id} class="number">
                    {column.text(row)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
