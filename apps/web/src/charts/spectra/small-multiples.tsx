import type { ModuleAnalysis } from "@lora/jobs";
import type { JSX } from "preact";
import { useCallback, useMemo, useState } from "preact/hooks";
import { useStaged } from "../../use-staged.ts";
import { useWidth } from "../figure/use-width.ts";
import { useGridFocus } from "../heat/use-grid-focus.ts";
import { SmallSpectrum, type SmallSpectrumProps, spectrumText } from "./small-spectrum.tsx";

interface SmallMultiplesProps {
  readonly modules: readonly ModuleAnalysis[];
  readonly selected: string | undefined;
  readonly onSelect: (module: string) => void;
}

const [WIDTH, HEIGHT, GAP] = [72, 42, 6];
/** So that no task is long. */
const ROWS_A_TASK = 4;

/** Every spectrum beside the others, each against its own largest value. Arrow keys move, Enter selects. */
export function SmallMultiples({ modules, selected, onSelect }: SmallMultiplesProps): JSX.Element {
  const [box, width] = useWidth<HTMLDivElement>(720);
  const [pointed, setPointed] = useState<ModuleAnalysis>();
  const columns = Math.max(1, Math.floor((width + GAP) / (WIDTH + GAP)));
  const rows = useMemo(() => inRows(modules, columns), [modules, columns]);
  const drawn = ROWS_A_TASK * useStaged(Math.ceil(rows.length / ROWS_A_TASK), modules);
  const { svg, at, setAt, onKeyDown } = useGridFocus(rows, ({ name }) => onSelect(name));
  const told = pointed ?? rows[at.row]?.[at.column];
  const size = [columns * (WIDTH + GAP), rows.length * (HEIGHT + GAP) + 2] as const;
  const frame = { width: size[0], height: size[1], viewBox: `-1 -1 ${size.join(" ")}` };
  const choose = useCallback<SmallSpectrumProps["onSelect"]>(
    (row, column, { name }) => {
      setAt({ row, column });
      onSelect(name);
    },
    [setAt, onSelect],
  );
  return (
    <div ref={box} onPointerLeave={() => setPointed(undefined)}>
      <div class="chart-scroll">
        <svg ref={svg} role="grid" aria-label="Spectra of all modules" {...frame} onKeyDown={onKeyDown}>
          {rows.slice(0, drawn).map((modulesOfRow, row) => (
            <g key={row} role="row">
              {modulesOfRow.map((module, column) => (
                <SmallSpectrum
                  key={module.name}
                  module={module}
                  row={row}
                  column={column}
                  left={column * (WIDTH + GAP)}
                  top={row * (HEIGHT + GAP)}
                  width={WIDTH}
                  height={HEIGHT}
                  focusable={row === at.row && column === at.column}
                  selected={module.name === selected}
                  onPoint={setPointed}
                  onSelect={choose}
                />
              ))}
            </g>
          ))}
        </svg>
      </div>
      <p class="readout small">{told && spectrumText(told)}</p>
    </div>
  );
}

function inRows<T>(values: readonly T[], columns: number): T[][] {
  const count = Math.ceil(values.length / columns);
  return Array.from({ length: count }, (_, row) => values.slice(row * columns, (row + 1) * columns));
}
