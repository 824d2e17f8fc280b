import type { JSX } from "preact";
import { numberText } from "../../format/number-text.ts";

/** What a chart shows, as rows; the first column names the row. */
export interface TableData {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

/** Longer tables are cut: the whole of them is in the report that can be saved. */
const MOST_ROWS = 500;

/** A chart as numbers. */
export function ChartTable({
  title,
  data,
}: {
  readonly title: string;
  readonly data: TableData;
}): JSX.Element {
  const { columns, rows } = data;
  return (
    <div class="table-scroll chart-table" role="region" aria-label={`${title}, as a table`} tabIndex={0}>
      <table class="numbers">
        <thead>
          <tr>
            {columns.map((column, index) => (
              <th key={column} scope="col" class={index === 0 ? undefined : "number"}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, MOST_ROWS).map(([name, ...values], row) => (
            <tr key={row}>
              <th scope="row">{name}</th>
              {values.map((value, index) => (
                <td key={index} class="number">
                  {typeof value === "string" ? value : numberText(value)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > MOST_ROWS && <p class="quiet small">The first {MOST_ROWS} rows.</p>}
    </div>
  );
}
