import type { InspectReport, Preview } from "@lora/jobs";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { ChartFigure } from "../charts/figure/chart-figure.tsx";
import { HeatMap } from "../charts/heat/heat-map.tsx";
import { layerGrid } from "../charts/heat/layer-grid.ts";
import { numberText, percentText } from "../format/number-text.ts";

interface RankFigureProps {
  readonly inspect: InspectReport;
  readonly preview: Preview;
  readonly selected: string | undefined;
  readonly onSelect: (module: string) => void;
}

/** The rank that each module would have. */
export function RankFigure({ inspect, preview, selected, onSelect }: RankFigureProps): JSX.Element {
  const grid = useMemo(() => layerGrid(inspect.modules), [inspect]);
  const chosen = inspect.modules.findIndex(({ name }) => name === selected);
  return (
    <ChartFigure
      title="Rank of every module"
      note="Where the rule spends its directions. 0 leaves a module out."
      fileName="ranks"
      table={{
        columns: ["Module", "Rank now", "Rank then", "Energy kept", "Relative error"],
        rows: preview.modules.map(
          ({ name, rankBefore, rankAfter, retainedEnergy, relativeErrorFrobenius }) => [
            name,
            rankBefore,
            rankAfter,
            percentText(retainedEnergy),
            percentText(relativeErrorFrobenius),
          ],
        ),
      }}
    >
      <HeatMap
        grid={grid}
        shown={{
          title: "Rank",
          values: preview.modules.map(({ rankAfter }) => rankAfter),
          text: numberText,
        }}
        selected={chosen < 0 ? undefined : chosen}
        onSelect={(module) => onSelect(inspect.modules[module]!.name)}
      />
    </ChartFigure>
  );
}
