import type { CombineReport } from "@lora/jobs";
import type { JSX } from "preact";
import { percentText } from "../../format/number-text.ts";
import { ChartFigure } from "../figure/chart-figure.tsx";
import { cosineMatrix } from "./cosine-matrix.ts";
import { InterferenceMap } from "./interference-map.tsx";

/** Where the adapters of a combination interfere. */
export function InterferenceSection({ report }: { readonly report: object }): JSX.Element {
  const { inputs, interference } = report as CombineReport;
  const names = inputs.map(({ name }) => name);
  return (
    <ChartFigure
      title="Cosines of the updates"
      note="Cosine between the updates of each two adapters: near 0 they leave each other alone, above it they pull the same way, below it they pull against each other."
      fileName="interference"
      table={{
        columns: ["Pair", "Shared weights", "Cosine", "Same outputs", "Same inputs"],
        rows: interference.map(({ a, b, modules, cosine, outputOverlap, inputOverlap }) => [
          `${names[a]} and ${names[b]}`,
          modules,
          cosine,
          percentText(outputOverlap),
          percentText(inputOverlap),
        ]),
      }}
    >
      <InterferenceMap names={names} cosines={cosineMatrix(names.length, interference)} />
    </ChartFigure>
  );
}
