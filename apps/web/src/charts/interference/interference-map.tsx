import type { JSX } from "preact";
import { numberText } from "../../format/number-text.ts";
import { diverging } from "../scales/colour.ts";

interface InterferenceMapProps {
  readonly names: readonly string[];
  /** Of each two, 1 on the diagonal; null where they share no weight. */
  readonly cosines: readonly (readonly (number | null)[])[];
}

const [CELL, LABEL, HEAD] = [72, 150, 26];

/** How adapters stand to each other: 1 the same direction, 0 none of the other's business, −1 against each other. */
export function InterferenceMap({ names, cosines }: InterferenceMapProps): JSX.Element {
  const size = [LABEL + CELL * names.length, HEAD + 40 * names.length] as const;
  return (
    <div class="chart-scroll" role="region" aria-label="Interference map" tabIndex={0}>
      <svg
        role="img"
        aria-label={cosines
          .flatMap((row, a) =>
            row.slice(0, a).map((value, b) => `${names[a]} and ${names[b]}: ${numberText(value)}`),
          )
          .join("; ")}
        width={size[0]}
        height={size[1]}
        viewBox={`0 0 ${size[0]} ${size[1]}`}
        style={{ maxWidth: "none" }}
      >
        {names.map((name, index) => (
          <text key={name} x={LABEL + CELL * (index + 0.5)} y={HEAD - 8} text-anchor="middle">
            {index + 1}
            <title>{name}</title>
          </text>
        ))}
        {cosines.map((row, a) => (
          <g key={names[a]} transform={`translate(0 ${HEAD + 40 * a})`}>
            <text x={LABEL - 8} y="24" text-anchor="end">
              {`${a + 1}. ${shortened(names[a]!)}`}
              <title>{names[a]}</title>
            </text>
            {row.map((value, b) => (
              <g key={names[b]} transform={`translate(${LABEL + CELL * b} 0)`}>
                <rect
                  x="1"
                  y="1"
                  width={CELL - 2}
                  height="38"
                  rx="3"
                  style={{ fill: diverging((value ?? 0) * 0.55) }}
                >
                  <title>{`${names[a]} and ${names[b]}: ${numberText(value)}`}</title>
                </rect>
                <text class="strong" x={CELL / 2} y="24" text-anchor="middle">
                  {value === null ? "–" : value.toFixed(2)}
                </text>
              </g>
            ))}
          </g>
        ))}
      </svg>
    </div>
  );
}

function shortened(name: string): string {
  return name.length > 20 ? `${name.slice(0, 10)}…${name.slice(-9)}` : name;
}
