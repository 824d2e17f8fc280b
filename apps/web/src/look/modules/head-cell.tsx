import type { JSX } from "preact";
import type { Column } from "./column.ts";
import type { Order } from "./sort-rows.ts";

const TEXT_COLUMNS: readonly string[] = ["name", "kind"];

interface HeadCellProps {
  readonly column: Pick<Column, "id" | "title" | "meaning">;
  readonly order: Order | undefined;
  readonly onOrder: (order: Order) => void;
}

/** A title that sorts: texts upwards first, numbers downwards first. */
export function HeadCell({ column, order, onOrder }: HeadCellProps): JSX.Element {
  const isText = TEXT_COLUMNS.includes(column.id);
  const sorted = order?.column === column.id ? order : undefined;
  const ascending = sorted === undefined ? isText : !sorted.ascending;
  return (
    <th
      scope="col"
      class={isText ? "" : "number"}
      aria-sort={sorted === undefined ? "none" : sorted.ascending ? "ascending" : "descending"}
    >
      <button
        type="button"
        class="plain"
        title={column.meaning}
        onClick={() => onOrder({ column: column.id, ascending })}
      >
        {column.title}
        <span aria-hidden="true">{sorted === undefined ? "" : sorted.ascending ? " ↑" : " ↓"}</span>
      </button>
    </th>
  );
}
