import type { InspectReport, Preview } from "@lora/jobs";
import type { JSX } from "preact";
import { useCallback, useMemo } from "preact/hooks";
import { ChartFigure } from "../charts/figure/chart-figure.tsx";
import { HeatMaps } from "../charts/heat/heat-maps.tsx";
import { layerGrids } from "../charts/heat/layer-grid.ts";
import { valuesByModule } from "../charts/heat/values-by-module.ts";
import { numberText, percentText } from "../format/number-text.ts";

interface RankFigureProps {
  readonly inspect: InspectReport;
  readonly preview: Preview;
  readonly selected: string | undefined;
  readonly onSelect: (module: string) => void;
}

/** The rank that each module would have. */
export function RankFigure({ inspect, preview, selected, onSelect }: RankFigureProps): JSX.Element {
  const grids = useMemo(() => layerGrids(inspect.modules), [inspect]);
  const select = useCallback(
    (module: number) => onSelect(inspect.modules[module]!.name),
    [inspect, onSelect],
  );
  const shown = useMemo(
    () => ({
      title: "Rank",
      values: valuesByModule(inspect.modules, preview.modules, ({ rankAfter }) => rankAfter),
      text: numberText,
    }),
    [inspect, preview],
  );
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
      <HeatMaps grids={grids} shown={shown} selected={chosen < 0 ? undefined : chosen} onSelect={select} />
    </ChartFigure>
  );
}
