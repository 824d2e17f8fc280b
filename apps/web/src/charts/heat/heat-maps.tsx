import type { JSX } from "preact";
import { useStaged } from "../../use-staged.ts";
import { HeatLegend } from "./heat-legend.tsx";
import { HeatMap } from "./heat-map.tsx";
import type { HeatValues } from "./heat-values.ts";
import type { LayerGrid } from "./layer-grid.ts";

interface HeatMapsProps {
  readonly grids: readonly LayerGrid[];
  readonly shown: HeatValues;
  /** Module that is looked at. */
  readonly selected: number | undefined;
  readonly onSelect: (module: number) => void;
}

/** Every part of a model in one scale of colours. */
export function HeatMaps({ grids, shown, selected, onSelect }: HeatMapsProps): JSX.Element {
  const most = shown.values.reduce<number>((a, b) => Math.max(a, b ?? 0), 0);
  const drawn = useStaged(grids.length, grids);
  return (
    <div class="heat-maps">
      <HeatLegend title={shown.title} most={shown.text(most)} />
      {grids.slice(0, drawn).map((grid) => (
        <div key={grid.part}>
          {grid.part !== undefined && <h4>{grid.part}</h4>}
          <HeatMap grid={grid} shown={shown} most={most} selected={selected} onSelect={onSelect} />
        </div>
      ))}
    </div>
  );
}
