import type { JSX } from "preact";
import { useCallback, useMemo, useState } from "preact/hooks";
import { countText } from "../../format/number-text.ts";
import type { ReportProps } from "../../report-props.ts";
import { ChartFigure } from "../figure/chart-figure.tsx";
import { HeatMaps } from "./heat-maps.tsx";
import { heatChoices } from "./heat-choices.ts";
import { layerGrids } from "./layer-grid.ts";

/** The whole model in one look, by a value that is chosen. */
export function HeatSection({ inspect, analysis, selected, onSelect }: ReportProps): JSX.Element {
  const { modules } = inspect;
  const grids = useMemo(() => layerGrids(modules), [modules]);
  const choices = useMemo(() => heatChoices(inspect, analysis), [inspect, analysis]);
  const [title, setTitle] = useState("Norm of the update");
  const shown = choices.find((choice) => choice.title === title) ?? choices[0]!;
  const select = useCallback((module: number) => onSelect(modules[module]!.name), [modules, onSelect]);
  const blocks = grids.reduce((sum, { rows }) => sum + rows.length, 0);
  const chosen = modules.findIndex(({ name }) => name === selected);
  return (
    <ChartFigure
      title={shown.title}
      note={`${countText(modules.length, "module")} in ${countText(blocks, "block")}. The arrow keys move from cell to cell, Enter selects a module everywhere on the page.`}
      fileName="heat-map"
      table={{
        columns: ["Module", shown.title],
        rows: modules.map(({ name }, index) => [name, shown.text(shown.values[index] ?? null)]),
      }}
      controls={
        <label class="small">
          Value
          <select value={shown.title} onChange={({ currentTarget }) => setTitle(currentTarget.value)}>
            {choices.map((choice) => (
              <option key={choice.title}>{choice.title}</option>
            ))}
          </select>
        </label>
      }
    >
      <HeatMaps grids={grids} shown={shown} selected={chosen < 0 ? undefined : chosen} onSelect={select} />
    </ChartFigure>
  );
}
