import type { ComparedModule } from "@lora/jobs";
import { numberText, percentText } from "../format/number-text.ts";

/** A column of the table of two adapters. */
export interface ComparedColumn {
  readonly id: string;
  readonly title: string;
  /** What it means, for who hovers or listens. */
  readonly meaning: string;
  value(row: ComparedModule): string | number | null;
  text(row: ComparedModule): string;
}

/** What is told of a weight that both change. */
export const comparedColumns: readonly ComparedColumn[] = [
  {
    id: "name",
    title: "Module",
    meaning: "As the first file names it",
    value: ({ name }) => name,
    text: ({ name }) => name,
  },
  column(
    "cosine",
    "Cosine",
    "Of the two updates: 1 the same direction, 0 none in common",
    ({ cosine }) => cosine,
  ),
  shareColumn(
    "distance",
    "Distance",
    "‖ΔA − ΔB‖ beside the larger of the two",
    (row) => row.relativeDistance,
  ),
  column("ratio", "‖ΔB‖/‖ΔA‖", "How much larger the second update is", ({ normRatio }) => normRatio),
  shareColumn("outputs", "Outputs", "Share of directions that both write to", (row) => row.outputOverlap),
  shareColumn("inputs", "Inputs", "Share of directions that both read", (row) => row.inputOverlap),
  column("rankA", "Rank A", "Of the first file", ({ rankA }) => rankA),
  column("rankB", "Rank B", "Of the second file", ({ rankB }) => rankB),
];

type Value = (row: ComparedModule) => number | null;

function column(id: string, title: string, meaning: string, value: Value): ComparedColumn {
  return { id, title, meaning, value, text: (row) => numberText(value(row)) };
}

function shareColumn(id: string, title: string, meaning: string, value: Value): ComparedColumn {
  return { id, title, meaning, value, text: (row) => percentText(value(row)) };
}
