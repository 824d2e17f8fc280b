import type { ModuleAnalysis } from "@lora/jobs";
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { numberText } from "../../format/number-text.ts";
import { useWidth } from "../figure/use-width.ts";
import { moveInGrid } from "../heat/move-in-grid.ts";
import { SmallSpectrum } from "./small-spectrum.tsx";

interface SmallMultiplesProps {
  readonly modules: readonly ModuleAnalysis[];
  readonly selected: string | undefined;
  readonly onSelect: (module: string) => void;
}

const [WIDTH, HEIGHT, GAP] = [72, 42, 6];

/** Every spectrum beside the others, each against its own largest value. Arrow keys move, Enter selects. */
export function SmallMultiples({ modules, selected, onSelect }: SmallMultiplesProps): JSX.Element {
  const [box, width] = useWidth<HTMLDivElement>(720);
  const svg = useRef<SVGSVGElement>(null);
  const [at, setAt] = useState(0);
  const [pointed, setPointed] = useState<number>();
  const columns = Math.max(1, Math.floor((width + GAP) / (WIDTH + GAP)));
  const rows = Array.from({ length: Math.ceil(modules.length / columns) }, (_, row) =>
    modules.slice(row * columns, (row + 1) * columns),
  );
  const onKeyDown = (event: KeyboardEvent): void => {
    const place = moveInGrid(event.key, { row: Math.floor(at / columns), column: at % columns }, rows);
    if (place !== undefined) {
      const next = place.row * columns + place.column;
      setAt(next);
      svg.current?.querySelector<SVGElement>(`[data-index="${next}"]`)?.focus();
    } else if (event.key === "Enter" || event.key === " ") onSelect(modules[at]!.name);
    else return;
    event.preventDefault();
  };
  const told = modules[pointed ?? at];
  const size = [columns * (WIDTH + GAP), rows.length * (HEIGHT + GAP) + 2] as const;
  return (
    <div ref={box}>
      <div class="chart-scroll">
        <svg
          ref={svg}
          role="grid"
          aria-label="Spectra of all modules"
          width={size[0]}
          height={size[1]}
          viewBox={`-1 -1 ${size[0]} ${size[1]}`}
          onKeyDown={onKeyDown}
          onPointerLeave={() => setPointed(undefined)}
        >
          {rows.map((row, index) => (
            <g key={index} role="row">
              {row.map((module, column) => (
                <SmallSpectrum
                  key={module.name}
                  module={module}
                  index={index * columns + column}
                  place={[column * (WIDTH + GAP), index * (HEIGHT + GAP)]}
                  size={[WIDTH, HEIGHT]}
                  focusable={index * columns + column === at}
                  selected={module.name === selected}
                  onPoint={setPointed}
                  onSelect={() => {
                    setAt(index * columns + column);
                    onSelect(module.name);
                  }}
                />
              ))}
            </g>
          ))}
        </svg>
      </div>
      <p class="readout small">
        {told &&
          `${told.name}: σ₁ ${numberText(told.spectral)}, effective rank ${numberText(told.effectiveRank)} of ${told.rank}`}
      </p>
    </div>
  );
}
