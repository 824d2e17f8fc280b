import type { JSX } from "preact";
import type { Column, ModuleRow } from "./column.ts";

interface TableRowProps {
  readonly row: ModuleRow;
  readonly columns: readonly Column[];
  /** Letters of the name that are left out, since all names have them. */
  readonly from: number;
  readonly selected: boolean;
  readonly onSelect: (module: string | undefined) => void;
}

/** One module; its name selects it in every section. */
export function TableRow({ row, columns, from, selected, onSelect }: TableRowProps): JSX.Element {
  const { name } = row.summary;
  return (
    <tr data-selected={selected}>
      <th scope="row">
        <button
          type="button"
          class="plain mono"
          aria-pressed={selected}
          title={name}
          onClick={() => onSelect(selected ? undefined : name)}
        >
          {name.slice(from)}
        </button>
      </th>
      {columns.slice(1).map((column) => (
        <td key={column.id} class={column.id === "kind" ? "" : "number"}>
          {column.text(row)}
        </td>
      ))}
    </tr>
  );
}
